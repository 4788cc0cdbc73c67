namespace MLNet.BatchNorm;

/// <summary>
/// The mean and the population variance of what each layer normalizes, over all training rows, as the network stands: what Ioffe and Szegedy
/// (2015), algorithm 2, have batches stand for.
/// </summary>
/// <remarks>
/// Layer by layer: what a layer receives depends on the statistics of those before it, which are the exact ones by then. All rows are one
/// sample, pooled exactly whatever the size of the parts that go through the network at once. So the variance between batches counts, which an
/// average of their variances misses: with batches of m rows that is a share of about 1 / m. Rows count alike, as in the batches of the
/// training, whatever their weights.
/// </remarks>
internal static class ExactStatistics
{
    /// <summary>Measures and sets the statistics of all layers that are normalized over batches.</summary>
    /// <param name="network">A network as training left it.</param>
    /// <param name="data">The rows that it was trained on.</param>
    /// <param name="capacity">The most rows that go through the network at once.</param>
    /// <param name="cancellationToken">Cancels between parts.</param>
    public static void Set(NeuralNetwork network, NetworkData data, int capacity, CancellationToken cancellationToken)
    {
        for (int i = 0; i < network.HiddenLayers.Length; i++)
        {
            HiddenLayer layer = network.HiddenLayers[i];
            var moments = new FeatureMoments(layer.Dense.OutputCount);
            for (int first = 0; first < data.RowCount; first += capacity)
            {
                cancellationToken.ThrowIfCancellationRequested();
                int count = Math.Min(capacity, data.RowCount - first);
                network.ForwardHidden(data.Rows(first, count), count, layerCount: i + 1);
                moments.AddRows(layer.NormalizationInput(count), count);
            }
            NetworkRestoration.SetStatistics(layer.Normalization!, [.. moments.Mean], [.. moments.PopulationVariance]);
        }
    }
}
