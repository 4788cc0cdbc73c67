using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.BatchNorm.Tests.Support;

namespace MLNet.BatchNorm.Tests.Networks;

/// <summary>Views of feature vectors of any size, with labels of every kind.</summary>
internal static class Examples
{
    /// <summary>Rows of normal numbers.</summary>
    public static float[][] Features(int rowCount, int featureCount, int seed = 1) =>
        [.. RandomData.Normal(seed, rowCount * featureCount).ToSingle().Chunk(featureCount)];

    /// <summary>A view with the columns Features, Flag (Boolean), Target (Single), Class (String) and Weight (Single).</summary>
    public static IDataView View(MLContext mlContext, IEnumerable<Example> rows)
    {
        Example[] all = [.. rows];
        var schema = SchemaDefinition.Create(typeof(Example));
        schema[nameof(Example.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, all[0].Features.Length);
        return mlContext.Data.LoadFromEnumerable(all, schema);
    }

    /// <summary>A view of features alone; the other columns are empty.</summary>
    public static IDataView View(MLContext mlContext, float[][] features) =>
        View(mlContext, features.Select(row => new Example { Features = row }));

    /// <summary>A view of classes alone; the other columns are empty.</summary>
    public static IDataView View(MLContext mlContext, string[] classes, int featureCount) =>
        View(mlContext, classes.Select(name => new Example { Features = new float[featureCount], Class = name }));

    /// <summary>
    /// A view with a pattern to learn: the number is a bent function of the first two features, its sign is the flag, and its third the
    /// class (low, middle, high); the key of the class is in Label.
    /// </summary>
    public static IDataView Learnable(MLContext mlContext, int rowCount, int featureCount = 4, int seed = 1)
    {
        var rows = Features(rowCount, featureCount, seed).Select(row =>
        {
            float target = row[0] + (row[1] * row[1]) - 1;
            return new Example
            {
                Features = row,
                Target = target,
                Flag = target > 0,
                Class = target < -0.5f ? "low" : target < 0.5f ? "middle" : "high",
                Weight = 1 + (Math.Abs(row[0]) % 2),
            };
        });
        return WithKeys(mlContext, View(mlContext, rows));
    }

    /// <summary>The same with the class as a key in Label.</summary>
    public static IDataView WithKeys(MLContext mlContext, IDataView view) =>
        mlContext.Transforms.Conversion.MapValueToKey("Label", nameof(Example.Class)).Fit(view).Transform(view);
}

internal sealed class Example
{
    public float[] Features { get; set; } = [];

    public bool Flag { get; set; }

    public float Target { get; set; }

    public string Class { get; set; } = "";

    public float Weight { get; set; }
}
