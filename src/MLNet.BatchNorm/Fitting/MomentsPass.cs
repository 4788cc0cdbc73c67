using System.Collections.Immutable;
using Microsoft.ML;

namespace MLNet.BatchNorm;

/// <summary>One pass over the data for all columns of a fit.</summary>
internal static class MomentsPass
{
    /// <summary>Goes on from the columns' moments over all rows of the data. Reads no other columns than these and the weights.</summary>
    public static ImmutableArray<FittedColumn> Run(
        IDataView data, ImmutableArray<FittedColumn> columns, ScalingOptions options, string parameterName)
    {
        DataViewSchema.Column? weightColumn = options.WeightColumn is { } name ? RowWeights.Find(data.Schema, name, parameterName) : null;
        var needed = columns.Select(column => data.Schema[column.InputColumnName]).ToList();
        if (weightColumn is { } weights)
        {
            needed.Add(weights);
        }
        needed = [.. needed.DistinctBy(column => column.Index)];

        if (options.MaxDegreeOfParallelism > 1 && RunOnThreads(data, needed, columns, options, weightColumn) is { } fitted)
        {
            return fitted;
        }
        var monitor = new PassMonitor(options, data.GetRowCount);
        using var cursor = data.GetRowCursor(needed);
        fitted = Read(cursor, columns, options, weightColumn, monitor.StartThread(options.CancellationToken));
        monitor.Finish();
        return fitted;
    }

    /// <summary>
    /// The same with a thread for each cursor; their moments are merged in the cursors' order. Null where the data are at fault: only
    /// a pass in the data's order can tell the row.
    /// </summary>
    private static ImmutableArray<FittedColumn>? RunOnThreads(
        IDataView data, List<DataViewSchema.Column> needed, ImmutableArray<FittedColumn> columns, ScalingOptions options, DataViewSchema.Column? weightColumn)
    {
        // First, since it throws where the token has been canceled: then no cursor is opened.
        var monitor = new PassMonitor(options, data.GetRowCount);
        var cursors = data.GetRowCursorSet(needed, options.MaxDegreeOfParallelism);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(options.CancellationToken);
        var tasks = cursors.Select((cursor, i) => Task.Factory.StartNew(
            () => ReadPart(cursor, i == 0 ? columns : Empty(columns), options, weightColumn, monitor, stop),
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ToArray();
        // All threads end before any error is looked at: they read the caller's data.
        Task.WhenAll(tasks).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default).Wait(CancellationToken.None);
        options.CancellationToken.ThrowIfCancellationRequested();
        monitor.ThrowIfListenerFailed();
        if (tasks.Any(task => task.Exception?.InnerException is InvalidOperationException))
        {
            return null;
        }
        // Of several failures, the one that made the others stop.
        (tasks.FirstOrDefault(task => task.Exception?.InnerException is not (null or OperationCanceledException))
            ?? tasks.FirstOrDefault(task => !task.IsCompletedSuccessfully))?.GetAwaiter().GetResult();

        var merged = tasks[0].Result;
        foreach (var task in tasks.Skip(1))
        {
            for (int i = 0; i < merged.Length; i++)
            {
                merged[i].Moments.Merge(task.Result[i].Moments);
                merged[i].Quantiles?.Merge(task.Result[i].Quantiles!);
            }
        }
        monitor.Finish();
        return merged;
    }

    private static ImmutableArray<FittedColumn> ReadPart(
        DataViewRowCursor cursor,
        ImmutableArray<FittedColumn> columns,
        ScalingOptions options,
        DataViewSchema.Column? weightColumn,
        PassMonitor monitor,
        CancellationTokenSource stop)
    {
        using (cursor)
        {
            try
            {
                return Read(cursor, columns, options, weightColumn, monitor.StartThread(stop.Token));
            }
            catch
            {
                stop.Cancel();
                throw;
            }
        }
    }

    private static ImmutableArray<FittedColumn> Read(
        DataViewRowCursor cursor,
        ImmutableArray<FittedColumn> columns,
        ScalingOptions options,
        DataViewSchema.Column? weightColumn,
        PassMonitor.Rows rows)
    {
        var collectors = columns.Select(column => MomentsCollector.Create(column, options.Infinity, cursor)).ToArray();
        var weightOf = weightColumn is { } weights ? RowWeights.Reader(cursor, weights) : null;
        if (collectors is [var only] && weightOf is null)
        {
            int asked, found;
            do
            {
                asked = rows.UntilCheck;
                found = only.AddRows(cursor, asked);
                rows.Next(found);
            }
            while (found == asked);
            rows.Finish();
            return [only.Finish()];
        }
        while (cursor.MoveNext())
        {
            double weight = weightOf is null ? 1 : weightOf(rows.Count);
            foreach (var collector in collectors)
            {
                collector.AddRow(weight);
            }
            rows.Next();
        }
        rows.Finish();
        return [.. collectors.Select(collector => collector.Finish())];
    }

    private static ImmutableArray<FittedColumn> Empty(ImmutableArray<FittedColumn> columns) =>
        [.. columns.Select(column => column with
        {
            Moments = new FeatureMoments(column.Moments.FeatureCount),
            Quantiles = column.Quantiles is { } quantiles ? new FeatureQuantiles(quantiles.FeatureCount, quantiles.Size) : null,
        })];
}
