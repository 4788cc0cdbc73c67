using System.Collections.Immutable;
using Microsoft.ML;

namespace MLNet.BatchNorm;

/// <summary>Compares new data with running statistics.</summary>
internal static class DriftMeasurement
{
    public static DriftReport Run(
        ImmutableArray<RunningColumn> columns, BatchNormOptions options, IDataView data, DriftThresholds thresholds, string parameterName)
    {
        ImmutableArray<FittedColumn> empty =
            [.. columns.Select(column => column.On(data.Schema, parameterName) with { Moments = new FeatureMoments(column.Moments.FeatureCount) })];
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

    private static IEnumerable<FeatureDrift> CompareColumn(RunningColumn column, FittedColumn now, BatchNormOptions options, DriftThresholds thresholds) =>
        RunningReference.Of(column, options).Select((reference, feature) =>
            new FeatureComparison(column, feature, reference, now.Moments, thresholds).Run());
}
