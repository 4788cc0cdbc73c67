namespace MLNet.BatchNorm;

/// <summary>
/// How precisely running statistics know the mean and variance of the data: sums over the batches in the average, which hold for batches
/// of unequal sizes too. A batch of four rows at the end of a day's data weighs as much as one of 256, and makes the average as noisy.
/// </summary>
/// <remarks>
/// With w the weight of a batch in the running statistics, before they are divided by the sum of all weights, and n its values of the
/// feature, for independent values of variance s^2: var(mean) = s^2 sum w^2 / n; var(variance) = 2 s^4 sum w^2 / (n - 1), if they are normal;
/// and the average of population variances is s^2 (1 - sum w / n). A batch with fewer than two values has no part, as in the running statistics.
/// </remarks>
internal sealed class RunningPrecision(int featureCount)
{
    /// <summary>Per feature, the sum of w^2 / n.</summary>
    public double[] MeanError { get; private init; } = new double[featureCount];

    /// <summary>Per feature, the sum of w^2 / (n - 1).</summary>
    public double[] VarianceError { get; private init; } = new double[featureCount];

    /// <summary>Per feature, the sum of w / n.</summary>
    public double[] Shortfall { get; private init; } = new double[featureCount];

    public static RunningPrecision FromState(double[] meanError, double[] varianceError, double[] shortfall) =>
        new(0) { MeanError = meanError, VarianceError = varianceError, Shortfall = shortfall };

    /// <summary>Of batches of equal size, where no more is known than how many there were.</summary>
    /// <param name="valuesPerBatch">Per feature; taken as 2 where it is less.</param>
    /// <param name="running">The running statistics.</param>
    public static RunningPrecision OfEqualBatches(double[] valuesPerBatch, RunningMoments running)
    {
        var precision = new RunningPrecision(valuesPerBatch.Length);
        var updates = running.UpdateCount;
        for (int feature = 0; feature < valuesPerBatch.Length; feature++)
        {
            if (updates[feature] == 0)
            {
                continue;
            }
            double values = Math.Max(2, valuesPerBatch[feature]);
            double weight = running.BatchWeight(feature);
            double squares = weight * weight * BatchAveraging.SumOfSquaredWeights(running.Momentum, updates[feature]);
            precision.MeanError[feature] = squares / values;
            precision.VarianceError[feature] = squares / (values - 1);
            precision.Shortfall[feature] = weight / values;
        }
        return precision;
    }

    public RunningPrecision Clone() => FromState([.. MeanError], [.. VarianceError], [.. Shortfall]);

    /// <summary>Takes in a batch that the running statistics have just taken in.</summary>
    public void Add(MomentTable batch, RunningMoments running)
    {
        for (int feature = 0; feature < MeanError.Length; feature++)
        {
            double values = batch.Count[feature];
            if (values >= 2)
            {
                double share = running.LatestShare(feature);
                Blend(feature, share, share / values, share * share / values, share * share / (values - 1));
            }
        }
    }

    /// <summary>Takes in the batches of another plain average.</summary>
    /// <param name="other">Of the same features.</param>
    /// <param name="feature">Which feature.</param>
    /// <param name="share">What the other's batches weigh together in the merged average.</param>
    public void Merge(RunningPrecision other, int feature, double share) => Blend(
        feature, share, share * other.Shortfall[feature], share * share * other.MeanError[feature], share * share * other.VarianceError[feature]);

    private void Blend(int feature, double share, double shortfall, double meanError, double varianceError)
    {
        double kept = 1 - share;
        Shortfall[feature] = (kept * Shortfall[feature]) + shortfall;
        MeanError[feature] = (kept * kept * MeanError[feature]) + meanError;
        VarianceError[feature] = (kept * kept * VarianceError[feature]) + varianceError;
    }
}
