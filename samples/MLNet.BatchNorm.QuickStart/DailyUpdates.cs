using System.Globalization;
using Microsoft.ML;

namespace MLNet.BatchNorm.QuickStart;

/// <summary>
/// A scaling that each day's rows update. What is kept from day to day is the saved model: a few numbers per feature, never the rows.
/// </summary>
internal static class DailyUpdates
{
    public static void Run()
    {
        string path = Path.Combine(Path.GetTempPath(), $"daily-{Guid.NewGuid():N}.zip");
        try
        {
            for (int day = 1; day <= 5; day++)
            {
                Console.WriteLine(Update(path, day));
            }
            var allRows = new MLContext();
            var atOnce = allRows.Transforms.Standardize("Temperature")
                .Fit(allRows.Data.LoadFromEnumerable(Enumerable.Range(1, 5).SelectMany(Readings)));
            Console.WriteLine(Describe("in one go", atOnce));
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>What a nightly job does. Each call could be a process of its own.</summary>
    private static string Update(string path, int day)
    {
        var mlContext = new MLContext();
        IDataView today = mlContext.Data.LoadFromEnumerable(Readings(day));
        var model = File.Exists(path)
            ? ((StandardizationTransformer)mlContext.Model.LoadWithStatistics(path, out _)).Update(today)
            : mlContext.Transforms.Standardize("Temperature").Fit(today);
        mlContext.Model.SaveWithStatistics(model, today.Schema, path);
        return Describe($"after day {day}", model);
    }

    private static string Describe(string when, StandardizationTransformer model)
    {
        FeatureStatistics statistics = model.Columns[0].Statistics[0];
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{when}: {statistics.Count} rows, mean {statistics.Mean:F6}, standard deviation {statistics.PopulationStandardDeviation:F6}");
    }

    /// <summary>A day's readings, made one by one while they are read; each day is a little warmer.</summary>
    private static IEnumerable<Reading> Readings(int day)
    {
        var random = new Random(day);
        for (int i = 0; i < 10_000; i++)
        {
            yield return new Reading { Temperature = (float)(15 + day + (8 * random.NextDouble())) };
        }
    }

    private sealed class Reading
    {
        public float Temperature { get; set; }
    }
}
