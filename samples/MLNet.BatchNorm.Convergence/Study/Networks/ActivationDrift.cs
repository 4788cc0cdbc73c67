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
        DriftPoint[] points =
        [
            .. epochs.Select(epoch => (epoch.Epoch, Layer: epoch.Activations[layer]))
                .Select(entry => new DriftPoint(entry.Epoch, entry.Layer.Mean, entry.Layer.StandardDeviation, entry.Layer.Movement)),
        ];
        return new DriftResult(normalization, layer + 1, points, points.Average(point => point.Movement) ?? 0);
    }
}
