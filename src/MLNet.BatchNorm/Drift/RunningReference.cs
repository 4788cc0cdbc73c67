namespace MLNet.BatchNorm;

/// <summary>Running statistics as what drift is measured against.</summary>
internal static class RunningReference
{
    /// <summary>One per feature. Where a start at mean 0 and variance 1 still weighs, it is taken out: data that stay as they were have not drifted.</summary>
    public static DriftReference[] Of(RunningColumn column, BatchNormOptions options)
    {
        // Snapshots, each taken once.
        var mean = column.Running.Mean;
        var variance = column.Running.Variance;
        var updates = column.Running.UpdateCount;
        var references = new DriftReference[mean.Length];
        for (int feature = 0; feature < references.Length; feature++)
        {
            var exact = DriftReference.OfExact(column.Moments, feature);
            (double Mean, double Variance)? average = options is { StartsAtZeroOne: true, Momentum: { } momentum }
                ? BatchAveraging.WithoutStart(mean[feature], variance[feature], momentum, updates[feature])
                : (mean[feature], variance[feature]);
            // Without a batch, or where the start has swallowed the batches, the exact statistics are all there is.
            references[feature] = updates[feature] > 0 && average is { } known ? Of(column, feature, known.Mean, known.Variance, exact) : exact;
        }
        return references;
    }

    private static DriftReference Of(RunningColumn column, int feature, double mean, double variance, in DriftReference exact)
    {
        var precision = column.Batches.Precision;
        double weight = column.Running.BatchWeight(feature);
        bool isPopulation = column.Running.VarianceEstimator == VarianceEstimator.Population;
        return exact with
        {
            Mean = mean,
            Variance = variance,
            UnbiasedVariance = isPopulation ? variance / (1 - (precision.Shortfall[feature] / weight)) : variance,
            LargestDeviation = column.Moments.LargestDeviation(feature, mean),
            // Averages over several epochs know no more than the rows, which they have seen several times.
            EffectiveCount = Math.Min(exact.EffectiveCount, weight * weight / precision.MeanError[feature]),
            Freedom = Math.Min(exact.Freedom, weight * weight / precision.VarianceError[feature]),
        };
    }
}
