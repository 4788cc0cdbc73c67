using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.BatchNorm.Tests.Support;

/// <summary>
/// One fitted map over the same values, computed in every way in which a user meets it: from a cursor, row by row, from the zip in plain
/// ML.NET, from the zip with statistics, and in ONNX Runtime.
/// </summary>
internal static class FiveWays
{
    private const string Column = "X";

    /// <summary>The results per way; values are one scalar column, or (with a width) the slots of rows.</summary>
    public static Dictionary<string, T[]> Run<T>(MLContext context, Func<IDataView, ITransformer> fit, T[] fitted, T[] values, int width = 0)
        where T : unmanaged => width == 0
            ? Run<T, Scalar<T>>(context, fit, Scalars(context, fitted), Scalars(context, values), row => [row.X])
            : Run<T, Vector<T>>(context, fit, Vectors(context, fitted, width), Vectors(context, values, width), row => row.X);

    private static Dictionary<string, T[]> Run<T, TRow>(
        MLContext context, Func<IDataView, ITransformer> fit, IDataView fitted, IDataView data, Func<TRow, T[]> read)
        where T : unmanaged
        where TRow : class, new()
    {
        var model = fit(fitted);
        using var zip = new MemoryStream();
        context.Model.Save(model, fitted.Schema, zip);
        zip.Position = 0;
        var stock = new MLContext().Model.Load(zip, out _);
        zip.Position = 0;
        var loaded = context.Model.LoadWithStatistics(zip, out _);
        var onnx = OnnxModel.Run(context, new TransformerChain<ITransformer>(model), data, Column);
        return new()
        {
            ["memory"] = Read(model),
            ["rows"] = ByRow(model),
            ["zip"] = Read(stock),
            ["zip with statistics"] = Read(loaded),
            ["ONNX"] = [.. onnx.SelectMany(row => row).Select(value => (T)Convert.ChangeType(value, typeof(T), null))],
        };

        T[] Read(ITransformer transformer) =>
            [.. context.Data.CreateEnumerable<TRow>(transformer.Transform(data), reuseRowObject: false, ignoreMissingColumns: true, schemaDefinition: Definition<TRow, T>(data)).SelectMany(read)];

        T[] ByRow(ITransformer transformer)
        {
            var definition = Definition<TRow, T>(data);
            using var engine = context.Model.CreatePredictionEngine<TRow, TRow>(transformer, false, definition, definition);
            return [.. context.Data.CreateEnumerable<TRow>(data, reuseRowObject: false, schemaDefinition: definition).SelectMany(row => read(engine.Predict(row)))];
        }
    }

    private static IDataView Scalars<T>(MLContext context, T[] values)
        where T : unmanaged => context.Data.LoadFromEnumerable(values.Select(value => new Scalar<T> { X = value }).ToArray());

    private static IDataView Vectors<T>(MLContext context, T[] values, int width)
        where T : unmanaged
    {
        var definition = SchemaDefinition.Create(typeof(Vector<T>));
        definition[Column].ColumnType = new VectorDataViewType(Item<T>(), width);
        return context.Data.LoadFromEnumerable(values.Chunk(width).Select(row => new Vector<T> { X = row }).ToArray(), definition);
    }

    private static SchemaDefinition Definition<TRow, T>(IDataView data)
    {
        var definition = SchemaDefinition.Create(typeof(TRow));
        definition[Column].ColumnType = data.Schema[Column].Type;
        return definition;
    }

    private static NumberDataViewType Item<T>() => typeof(T) == typeof(double) ? NumberDataViewType.Double : NumberDataViewType.Single;

    internal sealed class Scalar<T>
        where T : unmanaged
    {
        public T X { get; set; }
    }

    internal sealed class Vector<T>
        where T : unmanaged
    {
        [VectorType(1)]
        public T[] X { get; set; } = [];
    }
}
