using System.Globalization;
using System.Runtime.InteropServices;

namespace MLNet.BatchNorm.Benchmarks.Report;

/// <summary>
/// Our side of the comparison with Python libraries, as lines "name,number": times in nanoseconds per value, of one thread unless said, and the
/// standard deviation of given single-precision numbers.
/// </summary>
internal static class ComparisonNumbers
{
    public static void Print(TextWriter writer, string dataPath)
    {
        foreach (int width in new[] { 8, 32, 256 })
        {
            int rows = 32_000_000 / width;
            float[] source = Sources.Matrix(rows, width);
            var destination = new float[source.Length];
            var map = new AffineMap([.. Enumerable.Repeat(3.1, width)], [.. Enumerable.Repeat(0.5, width)]);
            double[] seconds = Stopwatches.Best(
                7,
                () => new FeatureMoments(width).AddRows<float>(source, rows),
                () => map.Apply<float>(source, destination, rows),
                () => InChunks(map, source, destination));
            Write(writer, $"moments {rows}x{width}", seconds[0] * 1e9 / source.Length);
            Write(writer, $"map {rows}x{width}", seconds[1] * 1e9 / source.Length);
            Write(writer, $"map in chunks {rows}x{width}", seconds[2] * 1e9 / source.Length);
        }
        foreach (var (rows, width) in new[] { (32, 32), (256, 32), (4096, 32), (256, 256), (4096, 256) })
        {
            var benchmark = new LayerBenchmarks { BatchSize = rows, Width = width };
            benchmark.Setup();
            int count = Math.Max(5, 5_000_000 / (rows * width));
            double[] seconds = Stopwatches.Best(
                7,
                Stopwatches.Repeat(count, benchmark.BatchNormForward),
                Stopwatches.Repeat(count, benchmark.BatchNormTraining),
                Stopwatches.Repeat(count, benchmark.BatchNormTrainingOnAllCores));
            Write(writer, $"layer forward {rows}x{width}", seconds[0] * 1e9 / count / rows / width);
            Write(writer, $"layer forward and backward {rows}x{width}", seconds[1] * 1e9 / count / rows / width);
            Write(writer, $"layer forward and backward, all cores {rows}x{width}", seconds[2] * 1e9 / count / rows / width);
        }
        Networks(writer);
        var moments = new FeatureMoments(1);
        ReadOnlySpan<float> values = MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(dataPath));
        moments.AddRows(values, values.Length);
        Write(writer, "standard deviation", moments.PopulationStandardDeviation[0]);
    }

    /// <summary>Training steps, in microseconds.</summary>
    private static void Networks(TextWriter writer)
    {
        foreach (int batchSize in new[] { 64, 256 })
        {
            foreach (var normalization in new[] { NetworkNormalization.None, NetworkNormalization.Batch })
            {
                foreach (int threads in new[] { 1, 2 })
                {
                    var benchmark = new NetworkBenchmarks { BatchSize = batchSize, Normalization = normalization, Threads = threads };
                    benchmark.Setup();
                    int count = 100_000 / (batchSize * batchSize / 64);
                    double seconds = Stopwatches.Best(7, Stopwatches.Repeat(count, benchmark.Step))[0];
                    Write(writer, $"network {batchSize} {normalization} {threads}", seconds * 1e6 / count);
                }
            }
        }
    }

    /// <summary>Chunks of 4096 rows, each to the same memory: as a scoring loop does, and what PyTorch is fastest at.</summary>
    private static void InChunks(AffineMap map, float[] source, float[] destination)
    {
        int length = 4096 * map.FeatureCount;
        for (int start = 0; start < source.Length; start += length)
        {
            var chunk = source.AsSpan(start, Math.Min(length, source.Length - start));
            map.Apply<float>(chunk, destination.AsSpan(0, chunk.Length), chunk.Length / map.FeatureCount);
        }
    }

    private static void Write(TextWriter writer, string name, double number) =>
        writer.WriteLine($"{name},{number.ToString("R", CultureInfo.InvariantCulture)}");
}
