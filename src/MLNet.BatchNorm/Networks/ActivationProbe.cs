using System.Collections.Immutable;

namespace MLNet.BatchNorm;

/// <summary>Looks at what the activations of each hidden layer receive, on the same rows every time.</summary>
internal sealed class ActivationProbe(NetworkData data, int mostRows)
{
    private readonly int _rowCount = Math.Min(mostRows, data.RowCount);

    public ImmutableArray<ActivationStatistics> Measure(NeuralNetwork network)
    {
        network.Forward(data.Features.AsSpan(0, _rowCount * data.FeatureCount), _rowCount, training: false);
        var layers = ImmutableArray.CreateBuilder<ActivationStatistics>(network.HiddenLayers.Length);
        foreach (HiddenLayer layer in network.HiddenLayers)
        {
            var moments = new FeatureMoments(1);
            ReadOnlySpan<float> values = layer.ActivationInput(_rowCount);
            moments.AddRows(values, values.Length);
            layers.Add(new ActivationStatistics(moments.Mean[0], Math.Sqrt(moments.PopulationVariance[0])));
        }

        return layers.MoveToImmutable();
    }
}
