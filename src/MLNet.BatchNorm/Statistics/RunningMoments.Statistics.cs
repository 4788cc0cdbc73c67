namespace MLNet.BatchNorm;

public sealed partial class RunningMoments
{
    /// <summary>
    /// Running moments that were gathered elsewhere, and go on here: a layer's <c>running_mean</c>, <c>running_var</c> and
    /// <c>num_batches_tracked</c> in PyTorch, with <see cref="RunningStart.ZeroOne"/> and <see cref="VarianceEstimator.Sample"/>.
    /// </summary>
    /// <param name="mean">Per feature, the running mean; finite.</param>
    /// <param name="variance">Per feature, the running variance; finite, not negative.</param>
    /// <param name="batchCount">
    /// The batches that they were gathered from: at most 2^53, and at least 1, or 0 where the start is <see cref="RunningStart.ZeroOne"/> and momentum is not
    /// null. It tells the debiased start and the plain average how much the statistics weigh beside the next batch.
    /// </param>
    /// <param name="momentum">Weight of a new batch, in (0, 1], or null for the plain average over batches.<value>0.1</value></param>
    /// <param name="varianceEstimator">Which variance of a batch is averaged.<value><see cref="VarianceEstimator.Population"/></value></param>
    /// <param name="runningStart">How the exponential average began; without effect where momentum is null.<value><see cref="RunningStart.Debiased"/></value></param>
    /// <exception cref="ArgumentException">The lists are empty, differ in length, or have a number that no running statistics can have.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A parameter is outside its range.</exception>
    public static RunningMoments FromStatistics(
        IReadOnlyList<double> mean,
        IReadOnlyList<double> variance,
        long batchCount,
        double? momentum = 0.1,
        VarianceEstimator varianceEstimator = VarianceEstimator.Population,
        RunningStart runningStart = RunningStart.Debiased)
    {
        ArgumentNullException.ThrowIfNull(mean);
        ArgumentNullException.ThrowIfNull(variance);
        if (mean.Count == 0 || variance.Count != mean.Count)
        {
            throw new ArgumentException(
                $"Expected one mean and one variance for each of at least one feature; found {mean.Count} mean(s) and {variance.Count} variance(s).", nameof(variance));
        }

        var moments = new RunningMoments(mean.Count, momentum, varianceEstimator, runningStart) { BatchCount = batchCount };
        ArgumentOutOfRangeException.ThrowIfLessThan(batchCount, moments.StartsAtZeroOne ? 0 : 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(batchCount, Counts.Largest);
        double weight = moments.WeightAfter(batchCount);
        for (int feature = 0; feature < mean.Count; feature++)
        {
            if (!double.IsFinite(mean[feature]) || !double.IsFinite(variance[feature]) || variance[feature] < 0)
            {
                throw new ArgumentException(
                    $"Expected a finite mean and a finite variance that is not negative; found {mean[feature]:R} and {variance[feature]:R} for feature {feature}.", nameof(variance));
            }

            moments.Restore(feature, mean[feature], variance[feature], weight, batchCount);
        }

        return moments;
    }

    /// <summary>
    /// Takes the statistics as the running ones, not as a share of them: as those of one batch or, with the start 0 and 1, of as many batches as
    /// it takes for that start to weigh nothing. A feature where either is NaN has had no batch.
    /// </summary>
    internal void Restore(ReadOnlySpan<double> mean, ReadOnlySpan<double> variance)
    {
        BatchCount = StartsAtZeroOne ? BatchesToForgetTheStart(Momentum!.Value) : 1;
        double weight = WeightAfter(BatchCount);
        for (int feature = 0; feature < _mean.Length; feature++)
        {
            if (!double.IsNaN(mean[feature]) && !double.IsNaN(variance[feature]))
            {
                Restore(feature, mean[feature], variance[feature], weight, BatchCount);
            }
        }
    }

    // The smallest t with (1 - momentum)^t < 2^-53.
    private static long BatchesToForgetTheStart(double momentum) => 1 + (long)(-53 * Math.Log(2) / double.LogP1(-momentum));

    private void Restore(int feature, double mean, double variance, double weight, long updates)
    {
        _mean[feature] = mean;
        _variance[feature] = variance;
        _weight[feature] = weight;
        _updates[feature] = updates;
    }

    private double WeightAfter(long batchCount) =>
        Momentum is { } share && RunningStart == RunningStart.Debiased ? -double.ExpM1(batchCount * double.LogP1(-share)) : 1;
}
