using System.Runtime.CompilerServices;
using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace MLNet.BatchNorm.Interop;

/// <summary>
/// The only file that reaches into ML.NET's internals, checked with Microsoft.ML 5.0.0 and 5.0.1. What is missing in another version
/// fails here, by name, with a <see cref="MissingMethodException"/> or <see cref="MissingFieldException"/>.
/// </summary>
internal static class MLNetInternals
{
    /// <summary>Adds an entry to the folder of the model zip that <paramref name="context"/> is writing.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "SaveBinaryStream")]
    public static extern void SaveBinaryStream(ModelSaveContext context, string name, Action<BinaryWriter> write);

    /// <summary>The environment that the catalog's transforms work in.</summary>
    public static IHostEnvironment EnvironmentOf(TransformsCatalog catalog) => TransformsEnvironment(catalog);

    /// <summary>The environment that the catalog's models are loaded in.</summary>
    public static IHostEnvironment EnvironmentOf(ModelOperationsCatalog catalog) => ModelEnvironment(catalog);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_env")]
    private static extern ref IHostEnvironment TransformsEnvironment(TransformsCatalog catalog);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_env")]
    private static extern ref IHostEnvironment ModelEnvironment(ModelOperationsCatalog catalog);
}
