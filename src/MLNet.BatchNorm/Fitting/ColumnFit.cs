using System.Collections.Immutable;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.BatchNorm;

/// <summary>From column pairs to columns without rows yet; merging; and what a fit must have found.</summary>
internal static class ColumnFit
{
    /// <summary>The columns with the statistics of both sides.</summary>
    public static ImmutableArray<FittedColumn> Merge(
        ImmutableArray<FittedColumn> columns, ImmutableArray<FittedColumn> others, string parameterName)
    {
        if (columns.Length != others.Length)
        {
            throw new ArgumentException($"Expected the same columns on both sides: found {columns.Length} here and {others.Length} there.", parameterName);
        }
        return [.. columns.Zip(others, (column, other) => Merge(column, other, parameterName))];
    }

    /// <summary>The columns as they are before a fit: checked against the schema, with no rows yet.</summary>
    public static ImmutableArray<FittedColumn> Unfitted(
        DataViewSchema schema, IEnumerable<InputOutputColumnPair> pairs, ScalingOptions options, string parameterName) =>
        [.. pairs.Select(pair =>
        {
            var type = FeatureColumnType.Of(schema, pair.InputColumnName, parameterName, out var input);
            var layout = FeatureLayout.Create(type, options.ChannelAxis, pair.InputColumnName);
            return new FittedColumn(
                pair.OutputColumnName, pair.InputColumnName, type, SlotNames(input), layout, new FeatureMoments(layout.FeatureCount))
            {
                Quantiles = options.KeepsQuantiles ? new FeatureQuantiles(layout.FeatureCount, options.QuantileSize) : null,
            };
        })];

    /// <summary>The column with moments that were computed elsewhere.</summary>
    public static FittedColumn WithMoments(
        FittedColumn column, IReadOnlyDictionary<string, FeatureMoments> momentsByInputColumn, ScalingOptions options, string parameterName)
    {
        if (!momentsByInputColumn.TryGetValue(column.InputColumnName, out var moments) || moments is null)
        {
            throw new ArgumentException(
                $"Expected the moments of column '{column.InputColumnName}'; found those of {string.Join(", ", momentsByInputColumn.Keys.Select(name => $"'{name}'"))}.",
                parameterName);
        }
        if (moments.FeatureCount != column.Layout.FeatureCount)
        {
            throw new ArgumentException(
                $"Column '{column.InputColumnName}' has {column.Layout.FeatureCount} feature(s); found moments of {moments.FeatureCount}. " +
                "Give one for each slot of the column or, with a channel axis, for each channel.", parameterName);
        }
        int infinite = moments.InfiniteCount.AsSpan().IndexOfAnyExcept(0);
        if (options.Infinity == InfinityPolicy.Throw && infinite >= 0)
        {
            throw new InvalidOperationException(
                $"{column.Describe(infinite)} has {moments.InfiniteCount[infinite]} infinite value(s). " +
                $"Mend the data, or leave infinite values out of the statistics with {nameof(ScalingOptions.Infinity)} = {nameof(InfinityPolicy)}.{nameof(InfinityPolicy.LeaveOut)}.");
        }
        return column with { Moments = moments.Clone(), Quantiles = null };
    }

    private static FittedColumn Merge(FittedColumn column, FittedColumn other, string parameterName)
    {
        if (column.OutputColumnName != other.OutputColumnName || column.InputColumnName != other.InputColumnName)
        {
            throw new ArgumentException(
                $"Expected column '{column.OutputColumnName}' made from '{column.InputColumnName}', as here; " +
                $"found '{other.OutputColumnName}' made from '{other.InputColumnName}'.", parameterName);
        }
        if (!other.Type.CanStandFor(column.Type))
        {
            throw new ArgumentException(
                $"Column '{column.InputColumnName}': expected {column.Type.Type}, as here; found {other.Type.Type}.", parameterName);
        }
        var slotNames = column.AgreeOnSlotNames(other.SlotNames, parameterName);
        try
        {
            return column.Merge(other) with { SlotNames = slotNames };
        }
        catch (InvalidOperationException exception)
        {
            throw new InvalidOperationException($"Column '{column.InputColumnName}': {exception.Message}", exception);
        }
    }

    /// <summary>Refuses a fit on nothing: no rows, or none that weighs anything. A single feature without a value is a warning.</summary>
    public static void RequireValues(IEnumerable<FittedColumn> columns, string? weightColumnName)
    {
        foreach (var column in columns)
        {
            var moments = column.Moments;
            if (moments.RowCount == 0)
            {
                throw new InvalidOperationException(
                    $"Column '{column.InputColumnName}': the data have no rows, so there is nothing to fit. Check filters and paths upstream.");
            }
            if (weightColumnName is not null && Enumerable.Range(0, moments.FeatureCount).Any(feature => HasNoWeight(moments, feature)))
            {
                throw new InvalidOperationException(
                    $"Column '{column.InputColumnName}': no row has a positive weight in column '{weightColumnName}', so there is nothing to fit.");
            }
        }
    }

    // Neither a value nor a missing one has counted, in rows that were there.
    private static bool HasNoWeight(FeatureMoments moments, int feature) =>
        moments.Count[feature] == 0 && moments.MissingCount[feature] == 0 && moments.InfiniteCount[feature] == 0;

    /// <summary>The names of a column's slots; none where it has none.</summary>
    public static ImmutableArray<string> SlotNames(DataViewSchema.Column column)
    {
        if (!column.HasSlotNames())
        {
            return [];
        }
        var names = default(VBuffer<ReadOnlyMemory<char>>);
        column.GetSlotNames(ref names);
        return [.. names.DenseValues().Select(name => name.ToString())];
    }
}
