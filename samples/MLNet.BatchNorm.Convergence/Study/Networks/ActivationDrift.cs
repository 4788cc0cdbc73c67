namespace MLNet.BatchNorm.Convergence.Study.Networks;

/// <summary>
/// Internal covariate shift, as Ioffe and Szegedy (2015) call it: how the distribution of what a layer's activation receives moves
/// from epoch to epoch while the layers before it learn.
/// </summary>
internal static class ActivationDrift
{
    /// <summary>Trains one network and follows every hidden layer.</summary>
    public static IReadOnlyList<DriftResult> Measure(
        NetworkData data, NetworkCell cell, NetworkSettings settings, int seed, CancellationToken cancellation)
    {
        var recorder = new NetworkRun.Recorder();
        NetworkRun.Train(data, NetworkRun.Options(cell, settings, seed, recorder, cancellation) with { MeasureActivations = true }, seed);
        return [.. Enumerable.Range(0, settings.HiddenLayers.Count).Select(layer => Follow(cell.Normalization, layer, recorder.Epochs))];
    }

    private static DriftResult Follow(NetworkNormalization normalization, int layer, IReadOnlyList<EpochProgress> epochs)
    {
        var points = new List<DriftPoint>();
        foreach (var epoch in epochs)
        {
            var now = epoch.Activations[layer];
            points.Add(new DriftPoint(epoch.Epoch, now.Mean, now.StandardDeviation, points.Count == 0 ? null : Movement(points[^1], now)));
        }

        return new DriftResult(normalization, layer + 1, points, points.Average(point => point.Movement) ?? 0);
    }

    private static double Movement(DriftPoint before, ActivationStatistics now) =>
        Math.Sqrt(Math.Pow(now.Mean - before.Mean, 2) + Math.Pow(now.StandardDeviation - before.StandardDeviation, 2)) / before.StandardDeviation;
}
