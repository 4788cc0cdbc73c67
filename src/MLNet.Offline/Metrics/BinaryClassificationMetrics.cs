namespace Microsoft.ML.Data;

/// <summary>How well scores separate two classes, and how well their sign predicts the class.</summary>
public class BinaryClassificationMetrics
{
    internal BinaryClassificationMetrics(BinaryMetricsAccumulator sums)
    {
        var counts = sums.Counts;
        ConfusionMatrix = new ConfusionMatrix(counts);
        Accuracy = (counts[0][0] + counts[1][1]) / counts.Sum(row => row.Sum());
        (PositivePrecision, NegativePrecision) = (ConfusionMatrix.PerClassPrecision[0], ConfusionMatrix.PerClassPrecision[1]);
        (PositiveRecall, NegativeRecall) = (ConfusionMatrix.PerClassRecall[0], ConfusionMatrix.PerClassRecall[1]);
        var sum = PositivePrecision + PositiveRecall;
        F1Score = sum == 0 ? 0 : 2 * PositivePrecision * PositiveRecall / sum;
        AreaUnderRocCurve = RankingCurves.AreaUnderRoc(sums.Scores);
        AreaUnderPrecisionRecallCurve = RankingCurves.AreaUnderPrecisionRecall(sums.Scores);
    }

    public double AreaUnderRocCurve { get; }

    public double Accuracy { get; }

    public double PositivePrecision { get; }

    public double PositiveRecall { get; }

    public double NegativePrecision { get; }

    public double NegativeRecall { get; }

    public double F1Score { get; }

    public double AreaUnderPrecisionRecallCurve { get; }

    /// <summary>Class 0 is the positive one.</summary>
    public ConfusionMatrix ConfusionMatrix { get; }
}

/// <summary>Also how good the probabilities are.</summary>
public sealed class CalibratedBinaryClassificationMetrics : BinaryClassificationMetrics
{
    internal CalibratedBinaryClassificationMetrics(BinaryMetricsAccumulator sums)
        : base(sums)
    {
        Entropy = sums.Entropy;
        LogLoss = sums.LogLoss;
        LogLossReduction = sums.LogLossReduction;
    }

    /// <summary>Mean of -log2 of the probability given to the true class.</summary>
    public double LogLoss { get; }

    /// <summary>Share of the log-loss of always answering with the share of positives that the model saves.</summary>
    public double LogLossReduction { get; }

    /// <summary>In bits, of the share of positives.</summary>
    public double Entropy { get; }
}
