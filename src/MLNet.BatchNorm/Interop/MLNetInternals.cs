using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace MLNet.BatchNorm.Interop;

/// <summary>
/// With <see cref="OnnxGraph"/> the only file that reaches into ML.NET's internals, checked with Microsoft.ML 5.0.1. What another version lacks fails
/// here, by name, with a <see cref="MissingMethodException"/> or a <see cref="MissingFieldException"/>.
/// </summary>
internal static class MLNetInternals
{
    private static readonly Assembly DataAssembly = typeof(TransformerChain<>).Assembly;

    /// <summary>The interface of the data views that the walk to ONNX goes through, or <see langword="null"/>.</summary>
    public static Type? ExportableView { get; } = DataAssembly.GetType("Microsoft.ML.Model.OnnxConverter.ITransformCanSaveOnnx");

    /// <summary>Adds an entry to the folder of the model zip that <paramref name="context"/> is writing.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "SaveBinaryStream")]
    public static extern void SaveBinaryStream(ModelSaveContext context, string name, Action<BinaryWriter> write);

    /// <summary>The environment that the catalog's transforms work in.</summary>
    public static IHostEnvironment EnvironmentOf(TransformsCatalog catalog) => TransformsEnvironment(catalog);

    /// <summary>The environment that the catalog's models are loaded in.</summary>
    public static IHostEnvironment EnvironmentOf(ModelOperationsCatalog catalog) => ModelEnvironment(catalog);

    /// <summary>The environment that the catalog's trainers work in.</summary>
    public static IHostEnvironment EnvironmentOf(TrainCatalogBase.CatalogInstantiatorBase trainers) => TrainersEnvironment(TrainersOwner(trainers));

    /// <summary>The shape of a schema, which ML.NET gives to estimators only.</summary>
    public static SchemaShape ShapeOf(DataViewSchema schema) => CreateShape(null, schema);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_env")]
    private static extern ref IHostEnvironment TransformsEnvironment(TransformsCatalog catalog);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_env")]
    private static extern ref IHostEnvironment ModelEnvironment(ModelOperationsCatalog catalog);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Owner")]
    private static extern TrainCatalogBase TrainersOwner(TrainCatalogBase.CatalogInstantiatorBase trainers);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Environment")]
    private static extern IHostEnvironment TrainersEnvironment(TrainCatalogBase catalog);

    [UnsafeAccessor(UnsafeAccessorKind.StaticMethod, Name = "Create")]
    private static extern SchemaShape CreateShape(SchemaShape? shape, DataViewSchema schema);
}
