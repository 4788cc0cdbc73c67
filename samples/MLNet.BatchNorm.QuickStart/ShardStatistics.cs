using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace MLNet.BatchNorm.QuickStart;

/// <summary>
/// Parts of the data, each counted by a process of its own where it lies; what travels is a line of JSON per part. Merged, they are the
/// moments of all rows.
/// </summary>
internal static class ShardStatistics
{
    private const int PixelCount = 64;

    /// <summary>Starts a process for each part, reads what they print, and merges it.</summary>
    public static async Task Run(int partCount)
    {
        var parts = new FeatureMoments[partCount];
        await Parallel.ForAsync(0, partCount, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, async (part, _) =>
            parts[part] = JsonSerializer.Deserialize<FeatureMoments>(await Ask(part, partCount))!);

        var merged = new FeatureMoments(PixelCount);
        foreach (FeatureMoments part in parts)
        {
            merged.Merge(part);
        }

        FeatureMoments whole = Count(Rows());
        Console.WriteLine($"rows: {string.Join(" + ", parts.Select(part => part.RowCount))} = {merged.RowCount}");
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"largest relative difference to one pass over all rows: mean {Difference(merged.Mean, whole.Mean):E1}, variance {Difference(merged.PopulationVariance, whole.PopulationVariance):E1}"));
        Console.WriteLine($"bytes per part: {JsonSerializer.SerializeToUtf8Bytes(parts[0]).Length} of JSON, or {parts[0].ToBytes().Length} of FeatureMoments.ToBytes");
    }

    /// <summary>What the process of a part does: counts its rows, and prints the moments.</summary>
    public static void RunPart(int part, int partCount)
    {
        // A part of a file, here; yours is what lies on that machine.
        FeatureMoments moments = Count(Rows().Where((_, row) => row % partCount == part));
        Console.WriteLine(JsonSerializer.Serialize(moments));
    }

    private static async Task<string> Ask(int part, int partCount)
    {
        string[] arguments = ["shards", part.ToString(CultureInfo.InvariantCulture), partCount.ToString(CultureInfo.InvariantCulture)];
        string program = Environment.ProcessPath ?? throw new InvalidOperationException("This process has no path to start others by.");
        string[] all = Path.GetFileNameWithoutExtension(program) == "dotnet" ? [typeof(ShardStatistics).Assembly.Location, .. arguments] : arguments;
        using var process = Process.Start(new ProcessStartInfo(program, all) { RedirectStandardOutput = true })!;
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"The process of part {part} ended with code {process.ExitCode}.");
    }

    private static FeatureMoments Count(IEnumerable<double[]> rows)
    {
        var moments = new FeatureMoments(PixelCount);
        foreach (double[] row in rows)
        {
            moments.Add<double>(row);
        }

        return moments;
    }

    private static IEnumerable<double[]> Rows() => File.ReadLines(ShippedData.PathOf("digits.csv")).Skip(1)
        .Select(line => Array.ConvertAll(line.Split(',')[..PixelCount], text => double.Parse(text, CultureInfo.InvariantCulture)));

    /// <summary>Pixels that are the same in all images have nothing to compare.</summary>
    private static double Difference(IEnumerable<double> merged, IEnumerable<double> whole) =>
        merged.Zip(whole, (one, other) => other == 0 ? Math.Abs(one) : Math.Abs(one - other) / Math.Abs(other)).Max();
}
