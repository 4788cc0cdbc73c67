using System.Collections.Immutable;

namespace MLNet.BatchNorm;

/// <summary>Puts a trained network back where it can be trained on.</summary>
internal static class NetworkRestoration
{
    // Running statistics whose weight was not kept count as those of so many batches that the next one has its momentum's share.
    private const long ManyBatches = 1 << 20;

    /// <summary>Sets all parameters and running statistics; those of a kept state to the last bit as they were.</summary>
    /// <param name="network">A network of the same layers.</param>
    /// <param name="trained">What it becomes.</param>
    /// <param name="moments">The running moments of each layer that has them, or null to take the trained network's statistics.</param>
    public static void Restore(NeuralNetwork network, TrainedNetwork trained, IReadOnlyList<RunningMomentsState>? moments)
    {
        int measured = 0;
        for (int i = 0; i < network.HiddenLayers.Length; i++)
        {
            HiddenLayer layer = network.HiddenLayers[i];
            TrainedLayer saved = trained.Layers[i];
            Restore(layer.Dense, saved);
            if (layer.Normalization is { } normalization)
            {
                saved.Gamma.CopyTo(normalization.Gamma);
                saved.Beta.CopyTo(normalization.Beta);
            }
            if (MomentsOf(layer.Normalization) is { } running)
            {
                running.CopyFrom(moments is null
                    ? MomentsOf(saved.RunningMean!, saved.RunningVariance!, saved.Epsilon, layer.Normalization!)
                    : RunningMoments.FromState(moments[measured]));
                measured++;
            }
        }
        Restore(network.OutputLayer, trained.Layers[^1]);
    }

    /// <summary>A copy of the running moments of each layer that has them.</summary>
    public static ImmutableArray<RunningMomentsState> ExportMoments(NeuralNetwork network) =>
        [.. network.HiddenLayers.Select(layer => MomentsOf(layer.Normalization)).OfType<RunningMoments>().Select(moments => moments.ExportState())];

    /// <summary>Makes given statistics those that inference uses.</summary>
    public static void SetStatistics(NormalizationLayer layer, double[] mean, double[] variance) =>
        MomentsOf(layer)!.CopyFrom(MomentsOf(mean, variance, layer.Epsilon, layer));

    private static RunningMoments? MomentsOf(NormalizationLayer? layer) => layer switch
    {
        BatchNormLayer batch => batch.RunningMoments,
        BatchRenormLayer renorm => renorm.RunningMoments,
        _ => null,
    };

    // Batch renormalization averages deviations, epsilon included.
    private static RunningMoments MomentsOf(double[] mean, double[] variance, double epsilon, NormalizationLayer layer) => RunningMoments.FromStatistics(
        mean, layer is BatchRenormLayer ? Array.ConvertAll(variance, value => Math.Sqrt(value + epsilon)) : variance, ManyBatches);

    private static void Restore(DenseLayer layer, TrainedLayer saved)
    {
        Transposition.Copy(saved.Weights, layer.Weights, layer.OutputCount, layer.InputCount);
        saved.Bias.CopyTo(layer.Bias, 0);
    }
}
