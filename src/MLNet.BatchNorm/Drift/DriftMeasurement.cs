using System.Collections.Immutable;
using System.Globalization;
using Microsoft.ML;

namespace MLNet.BatchNorm;

/// <summary>Compares new data with running statistics.</summary>
internal static class DriftMeasurement
{
    /// <summary>Of a mean averaged over batches, relative to it; a few hundred units in the last place.</summary>
    private const double RoundingError = 1e-13;

    public static DriftReport Run(
        ImmutableArray<RunningColumn> columns, BatchNormOptions options, IDataView data, DriftThresholds thresholds, string parameterName)
    {
        foreach (var column in columns)
        {
            column.Fitted.FindInput(data.Schema, parameterName);
        }
        ImmutableArray<FittedColumn> empty = [.. columns.Select(column => column.Fitted with { Moments = new FeatureMoments(column.Fitted.Moments.FeatureCount) })];
        var found = MomentsPass.Run(data, empty, options with { Infinity = InfinityPolicy.LeaveOut }, parameterName);
        long rowCount = found[0].Moments.RowCount;
        if (rowCount == 0)
        {
            throw new InvalidOperationException(
                $"Column '{found[0].InputColumnName}': the data have no rows, so there is nothing to compare. Check filters and paths upstream.");
        }
        var features = columns.Zip(found).SelectMany(pair => CompareColumn(pair.First, pair.Second, options, thresholds));
        return new DriftReport([.. features], rowCount, thresholds);
    }

    private static IEnumerable<FeatureDrift> CompareColumn(RunningColumn column, FittedColumn now, BatchNormOptions options, DriftThresholds thresholds)
    {
        // Snapshots, each taken once.
        var mean = column.Running.Mean;
        var variance = column.Running.Variance;
        var updates = column.Running.UpdateCount;
        return Enumerable.Range(0, mean.Length).Select(feature => Compare(
            column, now, feature, mean[feature], variance[feature] + options.Epsilon,
            BatchAveraging.SumOfSquaredWeights(options.Momentum, updates[feature]), options.Epsilon, thresholds));
    }

    private static FeatureDrift Compare(
        RunningColumn column,
        FittedColumn now,
        int feature,
        double runningMean,
        double runningVariance,
        double averaging,
        double epsilon,
        DriftThresholds thresholds)
    {
        double mean = now.Moments.Mean[feature];
        double variance = now.Moments.PopulationVariance[feature];
        // Means that differ by rounding errors are the same, also where a constant has no deviation to measure them by.
        double shift = Math.Abs(mean - runningMean) <= RoundingError * Math.Abs(runningMean) ? 0 : (mean - runningMean) / Math.Sqrt(runningVariance);
        double ratio = variance + epsilon == runningVariance ? 1 : (variance + epsilon) / runningVariance;
        double missingThen = MissingShare(column.Fitted.Moments, feature);
        double missingNow = MissingShare(now.Moments, feature);

        // Standard errors: of both means, of the logarithm of both variances, and of the share if it had not changed.
        double count = now.Moments.Count[feature];
        double perBatch = BatchSpread.Of(column, feature).ValuesPerBatch;
        double shiftError = Math.Sqrt((ratio / count) + (averaging / perBatch));
        double ratioError = count > 1 && perBatch > 1 ? Math.Sqrt((2 / (count - 1)) + (2 * averaging / (perBatch - 1))) : double.PositiveInfinity;
        double missingError = Math.Sqrt(missingThen * (1 - missingThen) / (now.Moments.Count[feature] + Missing(now.Moments, feature)));

        var kinds = DriftKinds.None;
        bool isPrecise = true;
        Judge(DriftKinds.Mean, Math.Abs(shift), thresholds.MeanShift, shiftError);
        Judge(DriftKinds.Variance, Math.Abs(Math.Log(ratio)), Math.Log(thresholds.VarianceRatio), ratioError);
        Judge(DriftKinds.Missing, Math.Abs(missingNow - missingThen), thresholds.MissingShare, missingError);

        var verdict = kinds != DriftKinds.None ? DriftVerdict.Drifted : isPrecise ? DriftVerdict.Stable : DriftVerdict.TooFewValues;
        return new FeatureDrift
        {
            ColumnName = column.Fitted.InputColumnName,
            Feature = feature,
            FeatureName = column.Fitted.FeatureName(feature),
            Count = now.Moments.Count[feature],
            Mean = mean,
            PopulationVariance = variance,
            MeanShift = shift,
            VarianceRatio = ratio,
            MissingShareThen = missingThen,
            MissingShareNow = missingNow,
            Kinds = kinds,
            Verdict = verdict,
            Message = $"{column.Fitted.Describe(feature)}: {Describe(verdict, kinds, shift, ratio, missingThen, missingNow, now.Moments.Count[feature])}",
        };

        // NaN, where there is no value, is no drift; and not precise.
        void Judge(DriftKinds kind, double change, double threshold, double standardError)
        {
            double noise = thresholds.StandardErrors * standardError;
            if (change > threshold && change > noise)
            {
                kinds |= kind;
            }
            isPrecise &= noise <= threshold;
        }
    }

    private static string Describe(
        DriftVerdict verdict, DriftKinds kinds, double shift, double ratio, double missingThen, double missingNow, long count)
    {
        if (verdict != DriftVerdict.Drifted)
        {
            return verdict == DriftVerdict.Stable
                ? "no change beyond the thresholds."
                : string.Create(CultureInfo.InvariantCulture, $"{count} value(s) are too few to tell a change from chance.");
        }
        var changes = new List<string>();
        if (kinds.HasFlag(DriftKinds.Mean))
        {
            changes.Add(string.Create(CultureInfo.InvariantCulture, $"the mean has moved by {shift:+0.##;-0.##} running standard deviations"));
        }
        if (kinds.HasFlag(DriftKinds.Variance))
        {
            changes.Add(string.Create(CultureInfo.InvariantCulture, $"the variance is {ratio:G3} times the running variance"));
        }
        if (kinds.HasFlag(DriftKinds.Missing))
        {
            changes.Add(string.Create(CultureInfo.InvariantCulture, $"{missingNow:P1} of the values are missing, {missingThen:P1} were"));
        }
        return $"{string.Join("; ", changes)}.";
    }

    private static long Missing(FeatureMoments moments, int feature) => moments.MissingCount[feature] + moments.InfiniteCount[feature];

    private static double MissingShare(FeatureMoments moments, int feature) =>
        (double)Missing(moments, feature) / (Missing(moments, feature) + moments.Count[feature]);
}
