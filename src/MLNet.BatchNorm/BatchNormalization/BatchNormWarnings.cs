using System.Globalization;

namespace MLNet.BatchNorm;

/// <summary>Finds what in the batches of a column is worth a warning.</summary>
internal static class BatchNormWarnings
{
    /// <summary>The population variance of m values is too small by 1 / m on average: a tenth, of batches of ten.</summary>
    private const double SmallestBatch = 10;

    /// <summary>The standard error of the running variance, relative to it, for normally distributed values: sqrt(2 / (m - 1) * sum of squared weights).</summary>
    private const double LargestNoise = 0.2;

    /// <summary>What the start at mean 0 and variance 1 may weigh at the end.</summary>
    private const double LargestStartWeight = 0.05;

    public static IEnumerable<ScalingWarning> Of(BatchNormColumn column, BatchNormOptions options)
    {
        var fitted = column.Fitted;
        int featureCount = fitted.Layout.FeatureCount;
        var spreads = Enumerable.Range(0, featureCount).Select(feature => BatchSpread.Of(column.Running, feature)).ToArray();
        var updates = column.Running.Running.UpdateCount;
        var variance = column.Running.Running.Variance;

        var sorted = Where(feature => spreads[feature].IsNotable);
        if (sorted.Length > 0)
        {
            double share = sorted.Max(feature => spreads[feature].BetweenShare);
            yield return Warn(ScalingWarningKind.SortedRows, sorted, string.Create(
                CultureInfo.InvariantCulture,
                $"batches that differ by more than chance allows: up to {share:P0} of the variance lies between them. The running variance is too small by that, and the running mean follows the last batches. The rows are sorted, grouped, or drift: set {nameof(BatchNormOptions.Shuffle)}, or shuffle the data first"));
        }

        var small = Where(feature => IsSmall(spreads[feature].ValuesPerBatch, updates[feature], options));
        if (small.Length > 0)
        {
            double values = small.Min(feature => spreads[feature].ValuesPerBatch);
            double noise = small.Max(feature => Noise(spreads[feature].ValuesPerBatch, updates[feature], options));
            yield return Warn(ScalingWarningKind.SmallBatches, small, string.Create(
                CultureInfo.InvariantCulture,
                $"batches of {values:0.#} values: each batch variance is too small by {1 / values:P0} on average, and the running variance is uncertain by about {noise:P0}. Use larger batches, a smaller {nameof(BatchNormOptions.Momentum)}, or Standardize, whose statistics are exact"));
        }

        var reference = RunningReference.Of(column.Running, options);
        foreach (var warning in EpsilonWarnings.Of(fitted, [.. reference.Select(feature => feature.Variance)], options.Epsilon))
        {
            yield return warning;
        }

        if (options is { StartsAtZeroOne: true, Momentum: { } momentum })
        {
            // More batches are no cure for a feature without a value.
            var few = Where(feature => fitted.Moments.Count[feature] > 0 && BatchAveraging.StartWeight(momentum, updates[feature]) > LargestStartWeight);
            if (few.Length > 0)
            {
                long batches = few.Min(feature => updates[feature]);
                yield return Warn(ScalingWarningKind.FewBatches, few, string.Create(
                    CultureInfo.InvariantCulture,
                    $"running statistics of {batches} batch(es) only, in which the start at mean 0 and variance 1 still weighs {BatchAveraging.StartWeight(momentum, batches):P0}. Use more epochs or smaller batches, or {nameof(BatchNormOptions.RunningStart)} = {nameof(RunningStart.Debiased)}"));
            }

            // A start that has faded may still be all there is to the variance of a feature in small units.
            var faint = Where(feature => ShareOfStart(feature) > LargestStartWeight).Except(few).ToArray();
            if (faint.Length > 0)
            {
                yield return Warn(ScalingWarningKind.FewBatches, faint, string.Create(
                    CultureInfo.InvariantCulture,
                    $"running variances of which the start at variance 1 is up to {faint.Max(ShareOfStart):P0}: they are in small units. Use more epochs or smaller batches, or {nameof(BatchNormOptions.RunningStart)} = {nameof(RunningStart.Debiased)}"));
            }

            double ShareOfStart(int feature) => fitted.Moments.IsConstant(feature)
                ? 0
                : BatchAveraging.StartWeight(momentum, updates[feature]) / variance[feature];
        }

        if (column.LeftOutRowCount > 0)
        {
            yield return new ScalingWarning(ScalingWarningKind.LeftOutRows, column.InputColumnName, string.Create(
                CultureInfo.InvariantCulture,
                $"Column '{column.InputColumnName}': {column.LeftOutRowCount} row(s) in {column.LeftOutBatchCount} last batch(es) were left out of the running statistics ({nameof(LastBatch)}: {options.LastBatch}); one row alone has no variance."));
        }

        int[] Where(Func<int, bool> applies) => [.. Enumerable.Range(0, featureCount).Where(applies)];

        ScalingWarning Warn(ScalingWarningKind kind, int[] features, string what)
        {
            string subject = ScalingWarnings.Subject(
                column.InputColumnName, featureCount, [.. features.Select(fitted.FeatureName)], fitted.Layout.HasChannels ? "channels" : "slots");
            return new ScalingWarning(kind, column.InputColumnName, $"{subject} {what}.");
        }
    }

    /// <summary>The standard error of a running variance, relative to it.</summary>
    private static double Noise(double valuesPerBatch, long batchCount, BatchNormOptions options) =>
        Math.Sqrt(2 / (valuesPerBatch - 1) * BatchAveraging.SumOfSquaredWeights(options.Momentum, batchCount));

    private static bool IsSmall(double valuesPerBatch, long batchCount, BatchNormOptions options) =>
        (options.VarianceEstimator == VarianceEstimator.Population && valuesPerBatch < SmallestBatch)
        || Noise(valuesPerBatch, batchCount, options) > LargestNoise;
}
