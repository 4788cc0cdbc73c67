using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.BatchNorm.Tests.Offline;

/// <summary>One row for any of the trainers: the label columns of the three tasks beside the features.</summary>
public sealed class Example
{
    public VBuffer<float> Features { get; set; }

    public bool IsPositive { get; set; }

    /// <summary>Zero-based here; a key in the view.</summary>
    [KeyType(3)]
    public uint Class { get; set; }

    public float Target { get; set; }

    public float Weight { get; set; } = 1;

    public static float[] Dense(Example example)
    {
        var values = new float[example.Features.Length];
        example.Features.CopyTo(values);
        return values;
    }

    /// <summary>The example with a function applied to each feature.</summary>
    public Example Map(Func<float, float> function) => With(new VBuffer<float>(Features.Length, [.. Dense(this).Select(function)]));

    /// <summary>The example with other features.</summary>
    public Example With(VBuffer<float> features) =>
        new() { Features = features, IsPositive = IsPositive, Class = Class, Target = Target, Weight = Weight };

    /// <summary>The rows of a data set in samples/data: the last column is the label, the others are features, scaled to mean 0 and variance 1.</summary>
    public static Example[] Load(string name)
    {
        double[][] rows = [.. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "data", name)).Skip(1)
            .Select(line => line.Split(',').Select(text => double.Parse(text, CultureInfo.InvariantCulture)).ToArray())];
        int featureCount = rows[0].Length - 1;
        for (int j = 0; j < featureCount; j++)
        {
            double mean = rows.Average(row => row[j]);
            double deviation = Math.Sqrt(rows.Average(row => (row[j] - mean) * (row[j] - mean)));
            foreach (double[] row in rows)
            {
                row[j] = (row[j] - mean) / deviation;
            }
        }
        return [.. rows.Select(row => new Example
        {
            Features = new VBuffer<float>(featureCount, [.. row[..featureCount].Select(value => (float)value)]),
            IsPositive = row[^1] == 1,
            Class = (uint)row[^1],
            Target = (float)row[^1],
        })];
    }
}

/// <summary>Views of examples.</summary>
internal static class ExampleViews
{
    public static IDataView View(this MLContext context, IEnumerable<Example> examples)
    {
        Example[] rows = [.. examples];
        var definition = SchemaDefinition.Create(typeof(Example));
        definition["Features"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, rows[0].Features.Length);
        return context.Data.LoadFromEnumerable(rows, definition);
    }

    /// <summary>The same rows with zeros left out.</summary>
    public static IEnumerable<Example> AsSparse(this IEnumerable<Example> examples) => examples.Select(example =>
    {
        float[] dense = Example.Dense(example);
        int[] indices = [.. Enumerable.Range(0, dense.Length).Where(i => dense[i] != 0)];
        return example.With(new VBuffer<float>(dense.Length, indices.Length, [.. indices.Select(i => dense[i])], indices));
    });
}
