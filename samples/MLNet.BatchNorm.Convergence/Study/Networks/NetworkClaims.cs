namespace MLNet.BatchNorm.Convergence.Study.Networks;

/// <summary>What the trainings of one data set's networks show about batch normalization, a sentence for each picture. Every figure follows from the results.</summary>
internal static class NetworkClaims
{
    /// <summary>How far the training loss comes down.</summary>
    public static string TrainingLoss(NetworkResult network, NetworkSettings settings)
    {
        var parts = Activations(network).Select(activation =>
            $"{activation} {Loss(activation, NetworkNormalization.Batch)} with batch normalization, {Loss(activation, NetworkNormalization.None)} without it");
        return $"{network.Name}, learning rate {Numbers.Brief(settings.LearningRate)}: the training loss of the last epoch is: {string.Join("; ", parts)}.";

        string Loss(ActivationFunction activation, NetworkNormalization kind)
        {
            var losses = Trainings(network, settings, activation, kind).Where(run => run.DivergedAtEpoch is null).Select(run => run.Epochs[^1].TrainingLoss).Order().ToArray();
            return losses.Length == 0 ? "diverged" : Numbers.Brief(losses[losses.Length / 2]);
        }
    }

    /// <summary>How fast, at one learning rate.</summary>
    public static string? Speed(NetworkResult network, NetworkSettings settings)
    {
        var parts = network.LearningRates.Where(entry => entry.Cell.LearningRate == settings.LearningRate).GroupBy(entry => entry.Cell.Activation)
            .Select(pair => $"{pair.Key} {Arrival(Of(pair, NetworkNormalization.Batch))} with batch normalization, {Arrival(Of(pair, NetworkNormalization.None))} without it").ToArray();
        return parts.Length == 0 ? null : $"{network.Name}, learning rate {Numbers.Brief(settings.LearningRate)}: {network.TargetInWords}: {string.Join("; ", parts)}.";
    }

    /// <summary>How many of the learning rates arrive.</summary>
    public static string LearningRates(NetworkResult network)
    {
        var parts = Activations(network).Select(activation => $"{activation} {Counts(network, activation)}");
        return $"{network.Name}: of {Rates(network)}, so many reach the target: {string.Join("; ", parts)}.";
    }

    /// <summary>How many of the learning rates arrive with one activation.</summary>
    public static string LearningRates(NetworkResult network, ActivationFunction activation) =>
        $"{network.Name}, {activation}: of {Rates(network)}, so many reach the target: {Counts(network, activation)}.";

    /// <summary>How much the initial weights matter.</summary>
    public static string Initializations(NetworkResult network)
    {
        return $"{network.Name}, from initial weights that are too small, right, or too large: the {network.Score} at the end is between {Range(NetworkNormalization.Batch)} with batch normalization and {Range(NetworkNormalization.None)} without.";

        string Range(NetworkNormalization kind)
        {
            var scores = network.Initializations.Where(entry => entry.Cell.Normalization == kind).Select(entry => entry.MedianScore).ToArray();
            var lowest = scores.Any(score => score is null) ? "divergence" : Numbers.Brief(scores.Min()!.Value);
            return $"{lowest} and {(scores.Max() is { } highest ? Numbers.Brief(highest) : "divergence")}";
        }
    }

    /// <summary>Whether it regularizes: the test losses at equal training loss.</summary>
    public static string? Regularization(NetworkResult network, NetworkSettings settings)
    {
        var (with, without) = (Path(network, settings, NetworkNormalization.Batch), Path(network, settings, NetworkNormalization.None));
        if (with.Count == 0 || without.Count == 0)
        {
            return null;
        }

        var training = Math.Max(with.Min(point => point.TrainingLoss), without.Min(point => point.TrainingLoss));
        var (test, testWithout) = (At(with, training), At(without, training));
        return $"{network.Name}: when the training loss is down to {Numbers.Brief(training)}, the test loss is {Numbers.Brief(test)} with batch normalization and {Numbers.Brief(testWithout)} without: {(test < testWithout ? "it regularizes" : "it does not regularize here")}.";

        static double At(IReadOnlyList<(double TrainingLoss, double TestLoss)> path, double training) => path.First(point => point.TrainingLoss <= training).TestLoss;
    }

    /// <summary>The mean training and test loss of each epoch of the ReLU networks, over the seeds.</summary>
    public static IReadOnlyList<(double TrainingLoss, double TestLoss)> Path(NetworkResult network, NetworkSettings settings, NetworkNormalization kind)
    {
        var runs = Trainings(network, settings, ActivationFunction.ReLU, kind).Where(run => run.DivergedAtEpoch is null).ToArray();
        return runs.Length == 0 ? [] : [.. Enumerable.Range(0, runs.Min(run => run.Epochs.Count))
            .Select(epoch => (runs.Average(run => run.Epochs[epoch].TrainingLoss), runs.Average(run => run.Epochs[epoch].TestLoss)))];
    }

    /// <summary>The trainings at the usual learning rate.</summary>
    public static IReadOnlyList<NetworkRunResult> Trainings(NetworkResult network, NetworkSettings settings, ActivationFunction activation, NetworkNormalization kind) =>
        network.LearningRates.FirstOrDefault(entry => (entry.Cell.Activation, entry.Cell.Normalization, entry.Cell.LearningRate) == (activation, kind, settings.LearningRate))?.Runs ?? [];

    private static IEnumerable<ActivationFunction> Activations(NetworkResult network) => network.LearningRates.Select(entry => entry.Cell.Activation).Distinct();

    private static string Rates(NetworkResult network)
    {
        var rates = network.LearningRates.Select(entry => entry.Cell.LearningRate).Distinct().ToArray();
        return $"{Numbers.Whole(rates.Length)} learning rates from {Numbers.Brief(rates.Min())} to {Numbers.Brief(rates.Max())}";
    }

    private static string Counts(NetworkResult network, ActivationFunction activation)
    {
        return $"{Count(NetworkNormalization.Batch)} with batch normalization, {Count(NetworkNormalization.None)} without it";

        string Count(NetworkNormalization kind) => Numbers.Whole(network.LearningRates.Count(entry =>
            (entry.Cell.Activation, entry.Cell.Normalization) == (activation, kind) && entry.MedianEpochsToTarget is not null));
    }

    private static NetworkCellResult Of(IEnumerable<NetworkCellResult> entries, NetworkNormalization kind) => entries.Single(entry => entry.Cell.Normalization == kind);

    private static string Arrival(NetworkCellResult entry) => entry.MedianEpochsToTarget is { } epochs
        ? $"after {Numbers.Brief(epochs)} {(epochs == 1 ? "epoch" : "epochs")}"
        : $"not in {Numbers.Whole(entry.Cell.Epochs)} epochs";
}
