using System.Collections.Immutable;

namespace MLNet.BatchNorm;

/// <summary>Looks at what the activations of each hidden layer receive, on the same rows every time.</summary>
internal sealed class ActivationProbe(NetworkData data, int mostRows)
{
    private readonly int _rowCount = Math.Min(mostRows, data.RowCount);
    private FeatureMoments[]? _before;

    public ImmutableArray<ActivationStatistics> Measure(NeuralNetwork network)
    {
        network.Forward(data.Rows(0, _rowCount), _rowCount, training: false);
        FeatureMoments[] now = [.. network.HiddenLayers.Select(MeasureNeurons)];
        ImmutableArray<ActivationStatistics> statistics =
        [
            .. network.HiddenLayers.Select((layer, i) =>
            {
                var whole = new FeatureMoments(1);
                ReadOnlySpan<float> values = layer.ActivationInput(_rowCount);
                whole.AddRows(values, values.Length);
                return new ActivationStatistics(
                    whole.Mean[0], Math.Sqrt(whole.PopulationVariance[0]), _before is null ? null : Movement(_before[i], now[i]));
            }),
        ];
        _before = now;
        return statistics;
    }

    private FeatureMoments MeasureNeurons(HiddenLayer layer)
    {
        var moments = new FeatureMoments(layer.Dense.OutputCount);
        moments.AddRows(layer.ActivationInput(_rowCount), _rowCount);
        return moments;
    }

    private static double? Movement(FeatureMoments before, FeatureMoments now)
    {
        double sum = 0;
        int count = 0;
        for (int neuron = 0; neuron < before.FeatureCount; neuron++)
        {
            double deviation = Math.Sqrt(before.PopulationVariance[neuron]);
            if (deviation > 0)
            {
                double meanShift = now.Mean[neuron] - before.Mean[neuron];
                double deviationShift = Math.Sqrt(now.PopulationVariance[neuron]) - deviation;
                sum += Math.Sqrt((meanShift * meanShift) + (deviationShift * deviationShift)) / deviation;
                count++;
            }
        }

        return count == 0 ? null : sum / count;
    }
}
