using System.Collections.Immutable;
using Microsoft.ML;

namespace MLNet.BatchNorm;

/// <summary>One pass over the data for all columns of a fit.</summary>
internal static class MomentsPass
{
    /// <summary>Goes on from the columns' moments over all rows of the data. Reads no other columns than these and the weights.</summary>
    public static ImmutableArray<FittedColumn> Run(
        IDataView data, ImmutableArray<FittedColumn> columns, ScalingOptions options, string? weightColumnName, string parameterName)
    {
        DataViewSchema.Column? weightColumn = weightColumnName is null ? null : RowWeights.Find(data.Schema, weightColumnName, parameterName);
        var needed = columns.Select(column => data.Schema[column.InputColumnName]).ToList();
        if (weightColumn is { } weights)
        {
            needed.Add(weights);
        }

        var monitor = new PassMonitor(options, data.GetRowCount);
        using var cursor = data.GetRowCursor(needed.DistinctBy(column => column.Index));
        var collectors = columns.Select(column => MomentsCollector.Create(column, options.Infinity, cursor)).ToArray();
        var weightOf = weightColumn is { } found ? RowWeights.Reader(cursor, found) : null;

        while (cursor.MoveNext())
        {
            double weight = weightOf is null ? 1 : weightOf(monitor.RowCount);
            foreach (var collector in collectors)
            {
                collector.AddRow(weight);
            }
            monitor.NextRow();
        }
        ImmutableArray<FittedColumn> fitted = [.. collectors.Select(collector => collector.Finish())];
        monitor.Finish();
        return fitted;
    }
}
