using MLNet.BatchNorm.Convergence.Data;

namespace MLNet.BatchNorm.Convergence.Study.Networks;

/// <summary>How good a network is on the test rows: the accuracy for classes, R squared for a number. One is perfect in both.</summary>
public static class NetworkScores
{
    /// <summary>The share of the test rows whose class is right.</summary>
    public const string Accuracy = "accuracy";

    /// <summary>1 - mean squared error / variance of the test rows' label.</summary>
    public const string RSquared = "R squared";

    // Of what the best network gains over knowing nothing, the share that counts as arrived.
    private const double ShareOfBest = 0.9;

    /// <summary>The name of the score.</summary>
    public static string NameFor(LearningTask task) => task == LearningTask.Regression ? RSquared : Accuracy;

    /// <summary>The score of an epoch's validation metric.</summary>
    internal static double Of(LearningTask task, double validationMetric, double labelVariance) =>
        task == LearningTask.Regression ? 1 - (validationMetric * validationMetric / labelVariance) : validationMetric;

    /// <summary>
    /// A target for data that nobody knows yet: nine tenths of the way from the most frequent class, or from the mean of the label, to the
    /// best score; rounded down to a hundredth.
    /// </summary>
    internal static double TargetFor(NetworkData data, double best)
    {
        var nothing = data.Task == LearningTask.Regression ? 0 : data.Test.Labels.CountBy(label => label).Max(group => group.Value) / (double)data.TestRowCount;
        return Math.Floor(100 * (nothing + (ShareOfBest * Math.Max(0, best - nothing)))) / 100;
    }
}
