using System.Collections.Immutable;
using Microsoft.ML;

namespace MLNet.BatchNorm;

/// <summary>One pass over the data for all columns of a fit.</summary>
internal static class MomentsPass
{
    private const long RowsPerCheck = 1024;
    private const long RowsPerReport = 64 * RowsPerCheck;

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

        options.CancellationToken.ThrowIfCancellationRequested();
        long? total = options.Progress is null ? null : data.GetRowCount();
        using var cursor = data.GetRowCursor(needed.DistinctBy(column => column.Index));
        var collectors = columns.Select(column => MomentsCollector.Create(column, options.Infinity, cursor)).ToArray();
        var weightOf = weightColumn is { } found ? RowWeights.Reader(cursor, found) : null;

        long rowCount = 0;
        for (; cursor.MoveNext(); rowCount++)
        {
            if (rowCount % RowsPerCheck == 0)
            {
                options.CancellationToken.ThrowIfCancellationRequested();
                if (rowCount % RowsPerReport == 0 && rowCount > 0)
                {
                    options.Progress?.Report(new FitProgress(rowCount, total));
                }
            }
            double weight = weightOf is null ? 1 : weightOf(rowCount);
            foreach (var collector in collectors)
            {
                collector.AddRow(weight);
            }
        }
        ImmutableArray<FittedColumn> fitted = [.. collectors.Select(collector => collector.Finish())];
        options.Progress?.Report(new FitProgress(rowCount, total));
        return fitted;
    }
}
