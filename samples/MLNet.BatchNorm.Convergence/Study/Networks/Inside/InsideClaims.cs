namespace MLNet.BatchNorm.Convergence.Study.Networks.Inside;

/// <summary>What is seen inside the networks of one data set, a sentence for each picture. Every figure follows from the results.</summary>
internal static class InsideClaims
{
    /// <summary>How far what the layers receive moves, with and without batch normalization.</summary>
    public static string CovariateShift(NetworkResult network)
    {
        var parts = network.Drift.GroupBy(drift => drift.Layer).Select(layer =>
            $"Hidden layer {Numbers.Whole(layer.Key)}: {Numbers.Brief(Movement(layer, NetworkNormalization.Batch))} with batch normalization, {Numbers.Brief(Movement(layer, NetworkNormalization.None))} without it");
        return $"{network.Name}: what a neuron receives moves by so many of its standard deviations an epoch. {string.Join(". ", parts)}.";

        static double Movement(IEnumerable<DriftResult> layer, NetworkNormalization kind) => layer.Single(drift => drift.Normalization == kind).MeanMovement;
    }

    /// <summary>How far what the layers receive moves, for one of the two networks.</summary>
    public static string CovariateShift(NetworkResult network, NetworkNormalization kind)
    {
        var parts = network.Drift.Where(drift => drift.Normalization == kind).Select(drift => $"{Numbers.Brief(drift.MeanMovement)} in hidden layer {Numbers.Whole(drift.Layer)}");
        return $"{network.Name}, {NormalizationNames.Of(kind)}: what a neuron receives moves by so many of its standard deviations an epoch: {string.Join(", ", parts)}.";
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

    /// <summary>How far the loss moves along a step.</summary>
    public static string LossAlongStep(NetworkResult network, InsideResult inside)
    {
        return $"{network.Name}: along a step of half to four learning rates the loss moves by {Percent(inside.With)} percent of itself with batch normalization and {Percent(inside.Without)} percent without it (medians over the epochs).";

        static string Percent(InsideNetwork one) => Numbers.Brief(100 * Median(one, snapshot => (snapshot.HighestLoss - snapshot.LowestLoss) / snapshot.Loss));
    }

    /// <summary>How far the gradient moves along a step.</summary>
    public static string GradientAlongStep(NetworkResult network, InsideResult inside)
    {
        var (with, without) = (Median(inside.With, snapshot => snapshot.GradientChange), Median(inside.Without, snapshot => snapshot.GradientChange));
        return $"{network.Name}: along that step the gradient moves by up to {Numbers.Brief(with)} of its length with batch normalization and {Numbers.Brief(without)} without it (medians over the epochs): "
            + $"it can be trusted {(with < without ? "further with it" : "no further with it here")}.";
    }

    /// <summary>How large the gradients of the layers are beside each other.</summary>
    public static string GradientSizes(NetworkResult network, InsideResult inside)
    {
        var (with, without) = (Ratio(inside.With), Ratio(inside.Without));
        return $"{network.Name}: the gradient of the last hidden layer is {Numbers.Brief(with)} times that of the first with batch normalization and {Numbers.Brief(without)} times without it (medians over the epochs).";

        static double Ratio(InsideNetwork one) => Median(one, snapshot => snapshot.Layers[^1].GradientSize / snapshot.Layers[0].GradientSize);
    }

    private static double Median(InsideNetwork network, Func<InsideSnapshot, double> of)
    {
        var sorted = network.Snapshots.Select(of).Where(double.IsFinite).Order().ToArray();
        return sorted.Length == 0 ? double.PositiveInfinity : sorted[sorted.Length / 2];
    }
}
