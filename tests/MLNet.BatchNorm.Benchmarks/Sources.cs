using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.BatchNorm.Benchmarks;

/// <summary>The kinds of data views that are measured.</summary>
public enum Source
{
    Matrix,
    Enumerable,
    TextFile,
}

/// <summary>The same numbers behind each kind of data view.</summary>
public static class Sources
{
    /// <summary>Values around 3 with deviation 2, the same for the same arguments.</summary>
    public static float[] Matrix(int rowCount, int width)
    {
        var random = new Random(20150211);
        var values = new float[rowCount * width];
        for (int i = 0; i < values.Length; i++)
        {
            // The sum of three uniform numbers is near enough to normal, and quickly made.
            values[i] = 3 + (float)(4 * (random.NextDouble() + random.NextDouble() + random.NextDouble() - 1.5));
        }
        return values;
    }

    public static IDataView Create(MLContext mlContext, Source source, int rowCount, int width)
    {
        float[] values = Matrix(rowCount, width);
        return source switch
        {
            Source.Matrix => new MatrixDataView(values, width),
            Source.Enumerable => FromEnumerable(mlContext, values, width),
            _ => FromTextFile(mlContext, values, width),
        };
    }

    /// <summary>Reads a vector column from the first row to the last.</summary>
    public static void Drain(IDataView data, string columnName = MatrixDataView.ColumnName)
    {
        var column = data.Schema[columnName];
        using var cursor = data.GetRowCursor([column]);
        var getter = cursor.GetGetter<VBuffer<float>>(column);
        VBuffer<float> row = default;
        while (cursor.MoveNext())
        {
            getter(ref row);
        }
    }

    private static IDataView FromEnumerable(MLContext mlContext, float[] values, int width)
    {
        var rows = values.Chunk(width).Select(features => new Row { Features = features }).ToArray();
        var schema = SchemaDefinition.Create(typeof(Row));
        schema[nameof(Row.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, width);
        return mlContext.Data.LoadFromEnumerable(rows, schema);
    }

    private static IDataView FromTextFile(MLContext mlContext, float[] values, int width)
    {
        string path = Path.Combine(Path.GetTempPath(), $"mlnet-batchnorm-benchmark-{values.Length / width}x{width}.csv");
        File.WriteAllLines(path, values.Chunk(width).Select(row =>
            string.Join(',', row.Select(value => value.ToString("G6", CultureInfo.InvariantCulture)))));
        TextLoader.Column[] columns = [new TextLoader.Column(MatrixDataView.ColumnName, DataKind.Single, 0, width - 1)];
        return mlContext.Data.LoadFromTextFile(path, columns, separatorChar: ',');
    }

    private sealed class Row
    {
        public float[] Features { get; set; } = [];
    }
}
