namespace MLNet.BatchNorm;

/// <summary>What a network scores on rows that it does not learn from.</summary>
/// <param name="Loss">The loss.</param>
/// <param name="MeanScore">The share of right classes, or the mean squared error of the scaled targets.</param>
internal readonly record struct NetworkScore(double Loss, double MeanScore)
{
    /// <summary>The accuracy, or the root mean squared error in the label's units.</summary>
    public double Metric(NetworkTask task, TargetScaling target) =>
        task == NetworkTask.Regression ? Math.Sqrt(MeanScore) * target.Deviation : MeanScore;
}

/// <summary>Measures a network on given rows, in inference mode, as many at a time as the network has room for.</summary>
internal sealed class NetworkEvaluation(NetworkData data, NetworkTask task, int capacity)
{
    public NetworkScore Measure(NeuralNetwork network)
    {
        (double loss, double score, double weightSum) = (0, 0, 0);
        for (int first = 0; first < data.RowCount; first += capacity)
        {
            int count = Math.Min(capacity, data.RowCount - first);
            ReadOnlySpan<float> targets = data.Targets.AsSpan(first, count);
            ReadOnlySpan<float> weights = data.Weights is null ? default : data.Weights.AsSpan(first, count);
            ReadOnlySpan<float> outputs = network.Forward(data.Rows(first, count), count, training: false);
            double weight = Loss.WeightSum(targets, weights);
            loss += weight * Loss.Compute(task, outputs, targets, weights, network.OutputCount, default);
            score += Loss.Score(task, outputs, targets, weights, network.OutputCount);
            weightSum += weight;
        }

        return new NetworkScore(loss / weightSum, score / weightSum);
    }
}
