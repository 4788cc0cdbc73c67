using System.Collections.Immutable;
using Microsoft.ML;

namespace MLNet.BatchNorm;

/// <summary>Compares new data with what a scaler was fitted on.</summary>
internal static class DriftMeasurement
{
    /// <summary>Reads the data and compares.</summary>
    public static DriftReport Run(
        ImmutableArray<FittedColumn> columns, ScalingOptions options, IDataView data, DriftThresholds thresholds, string parameterName)
    {
        var empty = Empty([.. columns.Select(column => column.On(data.Schema, parameterName))]);
        var found = MomentsPass.Run(data, empty, options with { Infinity = InfinityPolicy.LeaveOut }, parameterName);
        if (found[0].Moments.RowCount == 0)
        {
            throw new InvalidOperationException(
                $"Column '{found[0].InputColumnName}': the data have no rows, so there is nothing to compare. Check filters and paths upstream.");
        }
        return Compare(columns, found, options, thresholds);
    }

    /// <summary>The columns without a row, to collect others; their quantiles, where they keep some, of another size if one is given.</summary>
    public static ImmutableArray<FittedColumn> Empty(ImmutableArray<FittedColumn> columns, int? quantileSize = null) =>
        [.. columns.Select(column => column with
        {
            Moments = new FeatureMoments(column.Layout.FeatureCount),
            Quantiles = column.Quantiles is { } quantiles ? new FeatureQuantiles(quantiles.FeatureCount, quantileSize ?? quantiles.Size) : null,
        })];

    /// <summary>Compares rows that have been collected.</summary>
    public static DriftReport Compare(
        ImmutableArray<FittedColumn> columns, ImmutableArray<FittedColumn> found, ScalingOptions options, DriftThresholds thresholds)
    {
        var features = columns.Zip(found).SelectMany(pair => CompareColumn(pair.First, pair.Second, options, thresholds));
        return new DriftReport([.. features], found[0].Moments.RowCount, thresholds, isRunning: columns[0] is RunningColumn);
    }

    private static IEnumerable<FeatureDrift> CompareColumn(FittedColumn column, FittedColumn now, ScalingOptions options, DriftThresholds thresholds) =>
        References(column, options).Select((reference, feature) =>
            new FeatureComparison(column, feature, reference, now.Moments, now.Quantiles, thresholds).Run());

    private static DriftReference[] References(FittedColumn column, ScalingOptions options) => column is RunningColumn running
        ? RunningReference.Of(running, (BatchNormOptions)options)
        : [.. Enumerable.Range(0, column.Layout.FeatureCount).Select(feature => DriftReference.OfExact(column.Moments, feature))];
}
