using MLNet.BatchNorm.Convergence.Study.Networks.Inside;

namespace MLNet.BatchNorm.Convergence.Study.Networks;

/// <summary>What the networks of one data set show about batch normalization, a sentence for each picture. Every figure follows from the results.</summary>
internal static class NetworkClaims
{
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
        var parts = network.LearningRates.GroupBy(entry => entry.Cell.Activation).Select(pair =>
            $"{pair.Key} {Count(pair, NetworkNormalization.Batch)} with batch normalization, {Count(pair, NetworkNormalization.None)} without it");
        var rates = network.LearningRates.Select(entry => entry.Cell.LearningRate).Distinct().ToArray();
        return $"{network.Name}: of {Numbers.Whole(rates.Length)} learning rates from {Numbers.Brief(rates.Min())} to {Numbers.Brief(rates.Max())}, so many reach the target: {string.Join("; ", parts)}.";

        static string Count(IEnumerable<NetworkCellResult> entries, NetworkNormalization kind) =>
            Numbers.Whole(entries.Count(entry => entry.Cell.Normalization == kind && entry.MedianEpochsToTarget is not null));
    }

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

    /// <summary>How far what the layers receive moves.</summary>
    public static string CovariateShift(NetworkResult network)
    {
        var parts = network.Drift.GroupBy(drift => drift.Layer).Select(layer =>
            $"hidden layer {Numbers.Whole(layer.Key)} {Numbers.Brief(Movement(layer, NetworkNormalization.Batch))} with batch normalization, {Numbers.Brief(Movement(layer, NetworkNormalization.None))} without it");
        return $"{network.Name}: what a neuron receives moves by so many of its standard deviations an epoch: {string.Join("; ", parts)}.";

        static double Movement(IEnumerable<DriftResult> layer, NetworkNormalization kind) => layer.Single(drift => drift.Normalization == kind).MeanMovement;
    }

    /// <summary>What became of gamma and beta.</summary>
    public static string GammaBeta(NetworkResult network, InsideResult inside)
    {
        var (gamma, beta) = (inside.With.Gamma.SelectMany(layer => layer).ToArray(), inside.With.Beta.SelectMany(layer => layer).ToArray());
        return $"{network.Name}: gamma, which began at 1, ends between {Numbers.Brief(gamma.Min())} and {Numbers.Brief(gamma.Max())}; beta, which began at 0, between {Numbers.Brief(beta.Min())} and {Numbers.Brief(beta.Max())}.";
    }

    /// <summary>How near the running averages come.</summary>
    public static string Running(NetworkResult network, InsideResult inside)
    {
        var (first, last) = (Error(inside.With.Snapshots[0]), Error(inside.With.Snapshots[^1]));
        return $"{network.Name}: the running means are {Numbers.Brief(first)} standard deviations from the true ones after epoch {Numbers.Whole(inside.With.Snapshots[0].Epoch)}, and {Numbers.Brief(last)} after epoch {Numbers.Whole(inside.With.Snapshots[^1].Epoch)}.";

        static double Error(InsideSnapshot snapshot) => snapshot.Layers.Average(layer => layer.RunningError ?? 0);
    }

    /// <summary>What inference by running averages is good for.</summary>
    public static string? Inference(NetworkResult network, InsideResult inside) => inside.With.ByBatch.Count == 0
        ? null
        : $"{network.Name}: by the running averages the {network.Score} on the test rows is {Numbers.Brief(inside.With.RunningScore)}, whatever stands in the batch; by a batch's own statistics it is {Numbers.Brief(inside.With.ByBatch[0].Score)} with batches of {Numbers.Whole(inside.With.ByBatch[0].BatchSize)} and {Numbers.Brief(inside.With.ByBatch[^1].Score)} with {Numbers.Whole(inside.With.ByBatch[^1].BatchSize)}.";

    /// <summary>How far the loss and its gradient move along a step.</summary>
    public static string Smoothness(NetworkResult network, InsideResult inside)
    {
        var (with, without) = (Median(inside.With, snapshot => snapshot.GradientChange), Median(inside.Without, snapshot => snapshot.GradientChange));
        var (rise, riseWithout) = (Median(inside.With, Spread), Median(inside.Without, Spread));
        return $"{network.Name}: along a step of half to four learning rates the gradient moves by up to {Numbers.Brief(with)} of its length with batch normalization and {Numbers.Brief(without)} without, and the loss by {Numbers.Brief(100 * rise)} and {Numbers.Brief(100 * riseWithout)} percent of itself (medians over the epochs)"
            + $"{(with < without ? ": the gradient can be trusted further with it" : ": the gradient can be trusted no further with it here")}.";

        static double Spread(InsideSnapshot snapshot) => (snapshot.HighestLoss - snapshot.LowestLoss) / snapshot.Loss;
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

    /// <summary>What small batches do.</summary>
    public static string Batches(NetworkResult network)
    {
        var sizes = network.BatchSizes.Select(entry => entry.Cell.BatchSize).Distinct().Order().ToArray();
        var usual = sizes.Last(size => size <= 64);
        return $"{network.Name}, {network.Score} after {Numbers.Whole(network.BatchSizes[0].Cell.Epochs)} epochs. {At(sizes[0])}. {At(usual)}.";

        string At(int size) => $"Batches of {Numbers.Whole(size)}: "
            + string.Join(", ", network.BatchSizes.Where(entry => entry.Cell.BatchSize == size).Select(entry => $"{(entry.MedianScore is { } score ? Numbers.Brief(score) : "divergence")} with {NormalizationNames.Of(entry.Cell.Normalization)}"));
    }

    private static NetworkCellResult Of(IEnumerable<NetworkCellResult> entries, NetworkNormalization kind) => entries.Single(entry => entry.Cell.Normalization == kind);

    private static string Arrival(NetworkCellResult entry) => entry.MedianEpochsToTarget is { } epochs
        ? $"after {Numbers.Brief(epochs)} {(epochs == 1 ? "epoch" : "epochs")}"
        : $"not in {Numbers.Whole(entry.Cell.Epochs)} epochs";

    private static double Median(InsideNetwork network, Func<InsideSnapshot, double> of)
    {
        var sorted = network.Snapshots.Select(of).Where(double.IsFinite).Order().ToArray();
        return sorted.Length == 0 ? double.PositiveInfinity : sorted[sorted.Length / 2];
    }
}
