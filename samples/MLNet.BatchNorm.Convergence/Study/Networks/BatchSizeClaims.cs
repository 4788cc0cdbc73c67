using MLNet.BatchNorm.Convergence.Study.Networks.Inside;

namespace MLNet.BatchNorm.Convergence.Study.Networks;

/// <summary>What the size of the batches does to normalized networks, a sentence for each picture. Every figure follows from the results.</summary>
internal static class BatchSizeClaims
{
    /// <summary>What small batches do to each kind of normalization.</summary>
    public static string Kinds(NetworkResult network)
    {
        var sizes = network.BatchSizes.Select(entry => entry.Cell.BatchSize).Distinct().Order().ToArray();
        var usual = sizes.Last(size => size <= Math.Max(64, sizes[0]));
        return $"{network.Name}, {network.Score} on the test rows after {Numbers.Whole(network.BatchSizes[0].Cell.Epochs)} epochs, {string.Join("; ", new[] { sizes[0], usual }.Distinct().Select(At))}.";

        string At(int size) => $"batches of {Numbers.Whole(size)}: "
            + string.Join(", ", network.BatchSizes.Where(entry => entry.Cell.BatchSize == size).Select(entry => $"{Text(entry.MedianScore)} with {NormalizationNames.Of(entry.Cell.Normalization)}"));
    }

    /// <summary>How training by batches and inference by running averages differ for the same network.</summary>
    public static string Mismatch(NetworkResult network, InsideResult inside)
    {
        var (smallest, largest) = (inside.BatchSizes[0], inside.BatchSizes[^1]);
        return $"{network.Name}: on the very rows that it was trained on, {(smallest == largest ? string.Empty : $"{At(smallest)}; ")}{At(largest)}.";

        string At(MismatchResult entry) =>
            $"a network trained on batches of {Numbers.Whole(entry.BatchSize)} has an {network.Score} of {Text(entry.TrainingScore)} by the statistics of batches and {Text(entry.InferenceScore)} by the running averages";
    }

    /// <summary>What exact statistics change against running ones; null where nothing was scored by them.</summary>
    public static string? Exact(NetworkResult network)
    {
        var sizes = Scored(network);
        if (sizes.Count == 0)
        {
            return null;
        }

        var (smallest, others) = (sizes[0], sizes.Skip(1).ToArray());
        var largest = others.Length == 0 ? null : others.MaxBy(entry => Math.Abs(entry.Exact - entry.Running)) as (int BatchSize, double Running, double Exact)?;
        return $"{network.Name}: statistics taken over all training rows instead of the running ones bring the {network.Score} on the test rows from {Numbers.Brief(smallest.Running)} to {Numbers.Brief(smallest.Exact)} after training on batches of {Numbers.Whole(smallest.BatchSize)}"
            + $"{(largest is { } most ? $", and change it by {Numbers.Brief(Math.Abs(most.Exact - most.Running))} at most on larger ones" : string.Empty)}.";
    }

    /// <summary>Batch normalization's median score by both kinds of statistics, for each size of batches that most seeds survived.</summary>
    public static IReadOnlyList<(int BatchSize, double Running, double Exact)> Scored(NetworkResult network) =>
    [
        .. network.BatchSizes.Where(entry => entry.MedianScore is not null && entry.MedianExactScore is not null).OrderBy(entry => entry.Cell.BatchSize)
            .Select(entry => (entry.Cell.BatchSize, entry.MedianScore!.Value, entry.MedianExactScore!.Value)),
    ];

    private static string Text(double? score) => score is { } known ? Numbers.Brief(known) : "divergence";
}
