using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.BatchNorm.Convergence.Lesson;

/// <summary>The lesson's four people, raw and scaled: salary dwarfs the other features until it is scaled.</summary>
public static class LessonTable
{
    /// <summary>The features, in the order of the table.</summary>
    public static IReadOnlyList<string> FeatureNames { get; } = ["Age", "Salary", "Height", "Weight"];

    /// <summary>One person's features: as they are, min-max scaled, and as z-scores.</summary>
    public sealed class Row
    {
        /// <summary>The features in their own units.</summary>
        [VectorType(4)]
        public float[] Raw { get; set; } = [];

        /// <summary>(x - minimum) / (maximum - minimum).</summary>
        [VectorType(4)]
        public float[] MinMax { get; set; } = [];

        /// <summary>(x - mean) / standard deviation.</summary>
        [VectorType(4)]
        public float[] Standardized { get; set; } = [];
    }

    private static readonly Row[] People =
    [
        new() { Raw = [25, 35000, 170, 65] },
        new() { Raw = [30, 50000, 175, 72] },
        new() { Raw = [28, 42000, 168, 60] },
        new() { Raw = [35, 65000, 180, 78] },
    ];

    /// <summary>Scales the table through an ML.NET pipeline.</summary>
    public static IReadOnlyList<Row> Scale(MLContext mlContext)
    {
        var schema = SchemaDefinition.Create(typeof(Row));
        schema.RemoveAll(column => column.MemberName != nameof(Row.Raw));
        var data = mlContext.Data.LoadFromEnumerable(People, schema);
        var pipeline = mlContext.Transforms.ScaleMinMax(nameof(Row.MinMax), nameof(Row.Raw))
            .Append(mlContext.Transforms.Standardize(nameof(Row.Standardized), nameof(Row.Raw)));
        return [.. mlContext.Data.CreateEnumerable<Row>(pipeline.Fit(data).Transform(data), reuseRowObject: false)];
    }
}
