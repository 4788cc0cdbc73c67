namespace MLNet.BatchNorm;

/// <summary>Copies a network as it stands.</summary>
internal static class NetworkSnapshot
{
    public static TrainedNetwork Take(NeuralNetwork network, NetworkTask task, MultilayerPerceptronOptions options, TargetScaling target) => new(
        task,
        network.FeatureCount,
        network.OutputCount,
        options.Activation,
        [
            .. network.HiddenLayers.Select(layer => Take(layer.Dense, layer.Normalization, options)),
            Take(network.OutputLayer, null, options),
        ],
        target.Mean,
        target.Deviation);

    private static TrainedLayer Take(DenseLayer dense, NormalizationLayer? normalization, MultilayerPerceptronOptions options)
    {
        var weights = new float[dense.Weights.Length];
        Transposition.Copy(dense.Weights, weights, dense.InputCount, dense.OutputCount);
        (double[]? mean, double[]? variance) = normalization switch
        {
            BatchNormLayer batch => ([.. batch.RunningMean], [.. batch.RunningVariance]),
            BatchRenormLayer renorm => (
                [.. renorm.RunningMean],
                [.. renorm.RunningStandardDeviation.Select(deviation => Math.Max(0, (deviation * deviation) - options.NormalizationEpsilon))]),
            _ => ((double[]?)null, (double[]?)null),
        };
        return new TrainedLayer(
            weights,
            [.. dense.Bias],
            normalization is null ? NetworkNormalization.None : options.Normalization,
            options.NormalizationPlacement,
            normalization?.Gamma.ToArray(),
            normalization?.Beta.ToArray(),
            mean,
            variance,
            options.NormalizationEpsilon)
        {
            GroupCount = (normalization as GroupNormLayer)?.GroupCount ?? 1,
        };
    }
}
