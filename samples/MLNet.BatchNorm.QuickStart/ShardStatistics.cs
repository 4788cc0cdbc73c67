using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.BatchNorm.QuickStart;

/// <summary>Four parts of the data, each fitted where it lies; only the models travel. Merged, they are the fit on all rows.</summary>
internal static class ShardStatistics
{
    private const int RowsPerShard = 450;

    public static void Run()
    {
        var mlContext = new MLContext();
        IDataView rows = mlContext.Data.LoadFromTextFile<Digit>(ShippedData.PathOf("digits.csv"), separatorChar: ',', hasHeader: true);

        StandardizationTransformer[] shards =
        [
            .. mlContext.Data.CreateEnumerable<Digit>(rows, reuseRowObject: false).Chunk(RowsPerShard).AsParallel().AsOrdered()
                .Select(shard => mlContext.Transforms.Standardize("Pixels").Fit(mlContext.Data.LoadFromEnumerable(shard))),
        ];
        StandardizationTransformer merged = shards.Aggregate((all, shard) => all.Merge(shard));
        StandardizationTransformer whole = mlContext.Transforms.Standardize("Pixels").Fit(rows);

        Console.WriteLine($"rows: {string.Join(" + ", shards.Select(shard => shard.Columns[0].Statistics[0].Count))} = {merged.Columns[0].Statistics[0].Count}");
        double difference = merged.Columns[0].Scale.Zip(whole.Columns[0].Scale, (one, other) => Math.Abs(one - other) / other).Max();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"largest relative difference to one fit on all rows: {difference:E1}"));

        // The same without ML.NET, for numbers that are no IDataView: FeatureMoments.
        var left = new FeatureMoments(featureCount: 2);
        left.AddRows<double>([1, 10, 2, 20], rowCount: 2);
        var right = new FeatureMoments(featureCount: 2);
        right.AddRows<double>([3, 30], rowCount: 1);
        left.Merge(right);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"FeatureMoments: mean {left.Mean[0]} and {left.Mean[1]}, sample variance {left.SampleVariance[0]} and {left.SampleVariance[1]}"));
    }

    private sealed class Digit
    {
        [LoadColumn(0, 63)]
        [VectorType(64)]
        public float[] Pixels { get; set; } = [];
    }
}
