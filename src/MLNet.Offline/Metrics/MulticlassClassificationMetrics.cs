namespace Microsoft.ML.Data;

/// <summary>How well the highest of several scores predicts the class, and how good the scores are as probabilities.</summary>
public sealed class MulticlassClassificationMetrics
{
    internal MulticlassClassificationMetrics(MulticlassMetricsAccumulator sums, int topKPredictionCount)
    {
        MicroAccuracy = sums.MicroAccuracy;
        MacroAccuracy = sums.MacroAccuracy;
        LogLoss = sums.LogLoss;
        LogLossReduction = sums.LogLossReduction;
        PerClassLogLoss = sums.PerClassLogLoss;
        TopKPredictionCount = topKPredictionCount;
        TopKAccuracyForAllK = topKPredictionCount > 0 ? sums.TopAccuracies(topKPredictionCount) : null;
        ConfusionMatrix = new ConfusionMatrix(sums.Counts);
    }

    /// <summary>Mean of -ln of the score of the true class.</summary>
    public double LogLoss { get; }

    /// <summary>Share of the log-loss of always answering with the shares of the classes that the model saves.</summary>
    public double LogLossReduction { get; }

    /// <summary>Mean over the classes that occur of the share of their rows that is predicted right.</summary>
    public double MacroAccuracy { get; }

    /// <summary>Share of all rows that is predicted right.</summary>
    public double MicroAccuracy { get; }

    public double TopKAccuracy => TopKAccuracyForAllK is { Count: > 0 } accuracies ? accuracies[^1] : 0;

    public int TopKPredictionCount { get; }

    /// <summary>Share of rows whose true class is among the k highest scores, for k from 1; null unless asked for.</summary>
    public IReadOnlyList<double>? TopKAccuracyForAllK { get; }

    public IReadOnlyList<double> PerClassLogLoss { get; }

    public ConfusionMatrix ConfusionMatrix { get; }
}
