using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.BatchNorm.Tests.Support;

namespace MLNet.BatchNorm.Tests.Scaling;

/// <summary>Small data views out of literals, and their columns back.</summary>
internal static class Rows
{
    public const string Column = "Features";
    public const string Weight = "Weight";

    /// <summary>A vector column of T (float or double), with optional row weights and dimensions.</summary>
    public static IDataView Of<T>(MLContext context, T[][] rows, double[]? weights = null, params int[] dimensions)
        where T : unmanaged =>
        context.Data.LoadFromEnumerable(
            rows.Select((row, i) => new DenseRow<T> { Features = row, Weight = weights?[i] ?? 1 }).ToArray(),
            Schema<DenseRow<T>, T>(dimensions.Length > 0 ? dimensions : [rows.Length > 0 ? rows[0].Length : 1]));

    /// <summary>A vector column of doubles whose rows are made anew by each cursor, and never held.</summary>
    public static IDataView Stream(MLContext context, int slotCount, IEnumerable<double[]> rows) =>
        context.Data.LoadFromEnumerable(rows.Select(row => new DenseRow<double> { Features = row }), Schema<DenseRow<double>, double>([slotCount]));

    /// <summary>A matrix of a golden case, row by row.</summary>
    public static double[][] Of(GoldenCase golden, string name) => [.. golden.List(name).Select(row => row.Numbers())];

    /// <summary>A vector column without rows.</summary>
    public static IDataView None(MLContext context, int slotCount) =>
        context.Data.LoadFromEnumerable(Array.Empty<DenseRow<float>>(), Schema<DenseRow<float>, float>([slotCount]));

    /// <summary>The same rows as sparse vectors.</summary>
    public static IDataView Sparse<T>(MLContext context, T[][] rows, double[]? weights = null, params int[] dimensions)
        where T : unmanaged, IEquatable<T> =>
        context.Data.LoadFromEnumerable(
            rows.Select((row, i) => new SparseRow<T> { Features = ToSparse(row), Weight = weights?[i] ?? 1 }).ToArray(),
            Schema<SparseRow<T>, T>(dimensions.Length > 0 ? dimensions : [rows[0].Length]));

    public static T[][] Read<T>(IDataView data, string column = Column)
        where T : unmanaged =>
        [.. data.GetColumn<VBuffer<T>>(data.Schema[column]).Select(row => row.DenseValues().ToArray())];

    public static float[][] ToSingle(double[][] rows) => Array.ConvertAll(rows, row => row.ToSingle());

    /// <summary>Rows of normally distributed numbers: column j with mean 100 j and standard deviation j + 1.</summary>
    public static double[][] Random(int rowCount, int slotCount, int seed)
    {
        double[][] columns = [.. Enumerable.Range(0, slotCount).Select(j => RandomData.Normal(seed + j, rowCount, 100 * j, j + 1))];
        return [.. Enumerable.Range(0, rowCount).Select(i => columns.Select(column => column[i]).ToArray())];
    }

    private static VBuffer<T> ToSparse<T>(T[] row)
        where T : unmanaged, IEquatable<T>
    {
        int[] indices = [.. Enumerable.Range(0, row.Length).Where(i => !row[i].Equals(default))];
        return new VBuffer<T>(row.Length, indices.Length, [.. indices.Select(i => row[i])], indices);
    }

    private static SchemaDefinition Schema<TRow, T>(int[] dimensions)
    {
        var definition = SchemaDefinition.Create(typeof(TRow));
        var itemType = typeof(T) == typeof(double) ? NumberDataViewType.Double : NumberDataViewType.Single;
        definition[Column].ColumnType = new VectorDataViewType(itemType, dimensions);
        return definition;
    }

    internal sealed class DenseRow<T>
    {
        [VectorType(1)]
        public T[] Features { get; set; } = [];

        public double Weight { get; set; }
    }

    internal sealed class SparseRow<T>
    {
        [VectorType(1)]
        public VBuffer<T> Features { get; set; }

        public double Weight { get; set; }
    }
}
