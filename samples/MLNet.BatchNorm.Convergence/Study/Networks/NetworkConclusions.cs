namespace MLNet.BatchNorm.Convergence.Study.Networks;

/// <summary>Says in sentences what the networks of a data set show. Every sentence and every figure in it follows from the results.</summary>
internal static class NetworkConclusions
{
    public static IReadOnlyList<string> Draw(NetworkResult result, NetworkSettings settings) =>
    [
        .. result.LearningRates.GroupBy(entry => entry.Cell.Activation).SelectMany(group => Speed(group.Key, [.. group], result, settings)),
        .. result.LearningRates.GroupBy(entry => entry.Cell.Activation).Select(group => UsableRates(group.Key, [.. group])),
        .. result.Initializations.GroupBy(entry => entry.Cell.Activation).Select(group => Starts(group.Key, [.. group])),
        .. Drift(result),
        .. BatchSizes(result),
    ];

    private static IEnumerable<string> Speed(ActivationFunction activation, NetworkCellResult[] entries, NetworkResult result, NetworkSettings settings)
    {
        foreach (var rate in entries.Where(entry => entry.Cell.LearningRate == settings.LearningRate).GroupBy(entry => entry.Cell.LearningRate))
        {
            yield return $"{activation}, learning rate {Numbers.Brief(rate.Key)}: {result.TargetInWords} "
                + $"{Arrival(rate.Single(entry => entry.Cell.Normalization == NetworkNormalization.None))} without batch normalization and "
                + $"{Arrival(rate.Single(entry => entry.Cell.Normalization == NetworkNormalization.Batch))} with it.";
        }
    }

    private static string Arrival(NetworkCellResult entry) => entry.MedianEpochsToTarget is { } epochs
        ? $"after {Numbers.Brief(epochs)} epochs"
        : $"not in {Numbers.Whole(entry.Cell.Epochs)} epochs";

    private static string UsableRates(ActivationFunction activation, NetworkCellResult[] entries)
    {
        return $"{activation}: learning rates that arrive are {Rates(NetworkNormalization.None)} without batch normalization and {Rates(NetworkNormalization.Batch)} with it"
            + $"; {Diverged(NetworkNormalization.None)} of the trainings diverge without it and {Diverged(NetworkNormalization.Batch)} with it.";

        string Rates(NetworkNormalization normalization)
        {
            var rates = entries.Where(entry => entry.Cell.Normalization == normalization && entry.MedianEpochsToTarget is not null)
                .Select(entry => Numbers.Brief(entry.Cell.LearningRate)).ToArray();
            return rates.Length == 0 ? "none" : string.Join(", ", rates);
        }

        int Diverged(NetworkNormalization normalization) =>
            entries.Where(entry => entry.Cell.Normalization == normalization).Sum(entry => entry.DivergedCount);
    }

    private static string Starts(ActivationFunction activation, NetworkCellResult[] entries)
    {
        return $"{activation}, by the initial weights: without batch normalization {Each(NetworkNormalization.None)}; with it {Each(NetworkNormalization.Batch)}.";

        string Each(NetworkNormalization normalization) => string.Join(
            ", ", entries.Where(entry => entry.Cell.Normalization == normalization).Select(entry => $"{Arrival(entry)} ({entry.Cell.Initialization})"));
    }

    private static IEnumerable<string> Drift(NetworkResult result)
    {
        foreach (var layer in result.Drift.GroupBy(drift => drift.Layer))
        {
            var without = layer.Single(drift => drift.Normalization == NetworkNormalization.None);
            var with = layer.Single(drift => drift.Normalization == NetworkNormalization.Batch);
            yield return $"What a neuron of hidden layer {Numbers.Whole(layer.Key)} receives moves by {Numbers.Brief(without.MeanMovement)} standard deviations an epoch "
                + $"without batch normalization and by {Numbers.Brief(with.MeanMovement)} with it.";
        }
    }

    private static IEnumerable<string> BatchSizes(NetworkResult result)
    {
        var smallest = result.BatchSizes.Min(entry => entry.Cell.BatchSize);
        var largest = result.BatchSizes.Max(entry => entry.Cell.BatchSize);
        foreach (var size in new[] { smallest, largest })
        {
            yield return $"With batches of {Numbers.Whole(size)}, the {result.Score} after {Numbers.Whole(result.BatchSizes[0].Cell.Epochs)} epochs is "
                + string.Join(", ", result.BatchSizes.Where(entry => entry.Cell.BatchSize == size).Select(entry =>
                    $"{(entry.MedianScore is { } score ? Numbers.Brief(score) : "none, as it diverges,")} with {NormalizationNames.Of(entry.Cell.Normalization)}")) + ".";
        }
    }
}
