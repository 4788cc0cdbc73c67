using Microsoft.ML;

namespace MLNet.BatchNorm.QuickStart;

/// <summary>
/// One model for all threads, as in a web service. Transformers are immutable: any number of threads may call Transform on the same one.
/// A PredictionEngine holds a row and is not thread safe: each thread has its own. (In ASP.NET Core, Microsoft.Extensions.ML's
/// PredictionEnginePool does that, and reloads the zip when it changes.)
/// </summary>
internal static class ManyThreads
{
    private const int RequestCount = 100_000;

    public static void Run()
    {
        var mlContext = new MLContext(seed: 1);
        House[] houses = [.. Houses(1_000)];
        IDataView data = mlContext.Data.LoadFromEnumerable(houses);
        var model = mlContext.Transforms.Concatenate("Features", nameof(House.Size), nameof(House.Age))
            .Append(mlContext.Transforms.Standardize("Features"))
            .Append(mlContext.Regression.Trainers.Sdca(labelColumnName: nameof(House.Price)))
            .Fit(data);

        var alone = mlContext.Model.CreatePredictionEngine<House, Prediction>(model);
        float[] expected = [.. houses.Select(house => alone.Predict(house).Score)];

        // Single requests: one engine per thread.
        using var engines = new ThreadLocal<PredictionEngine<House, Prediction>>(
            () => mlContext.Model.CreatePredictionEngine<House, Prediction>(model), trackAllValues: true);
        int wrong = 0;
        Parallel.For(0, RequestCount, new ParallelOptions { MaxDegreeOfParallelism = 8 }, request =>
        {
            int house = request % houses.Length;
            if (engines.Value!.Predict(houses[house]).Score != expected[house])
            {
                Interlocked.Increment(ref wrong);
            }
        });
        Console.WriteLine($"{RequestCount} single requests, {engines.Values.Count} engine(s), {wrong} different from one thread's");

        // Requests of many rows: the shared model itself.
        int wrongBatches = 0;
        Parallel.For(0, 100, new ParallelOptions { MaxDegreeOfParallelism = 8 }, _ =>
        {
            IDataView request = mlContext.Data.LoadFromEnumerable(houses);
            IEnumerable<Prediction> answers = mlContext.Data.CreateEnumerable<Prediction>(model.Transform(request), reuseRowObject: false);
            if (!answers.Select(answer => answer.Score).SequenceEqual(expected))
            {
                Interlocked.Increment(ref wrongBatches);
            }
        });
        Console.WriteLine($"100 requests of {houses.Length} rows, one model, {wrongBatches} different from one thread's");
    }

    private static IEnumerable<House> Houses(int count)
    {
        var random = new Random(1);
        return Enumerable.Range(0, count).Select(_ =>
        {
            var house = new House { Size = 40 + (160 * random.NextSingle()), Age = 100 * random.NextSingle() };
            house.Price = 50 + (3 * house.Size) - house.Age;
            return house;
        });
    }

    private sealed class House
    {
        public float Size { get; set; }

        public float Age { get; set; }

        public float Price { get; set; }
    }

    private sealed class Prediction
    {
        public float Score { get; set; }
    }
}
