using System.Collections.Immutable;
using Microsoft.ML;

namespace MLNet.BatchNorm;

/// <summary>The passes over the data of a fit of batch normalization: one per epoch, for all columns together.</summary>
internal static class BatchNormPass
{
    /// <summary>Goes on from the columns' statistics over all rows of the data. Reads no other columns than these.</summary>
    public static ImmutableArray<RunningColumn> Run(IDataView data, ImmutableArray<RunningColumn> columns, BatchNormOptions options)
    {
        var monitor = new PassMonitor(options, () => AllRows(data.GetRowCount(), options.Epochs));
        int poolSize = options.Shuffle ? ShufflePool.SizeFor(data, options) : 0;
        long rowCount = 0;
        BatchAccumulator[] accumulators = [.. columns.Select(column => new BatchAccumulator(column, options))];
        for (int epoch = 0; epoch < options.Epochs; epoch++)
        {
            var ordered = Order(data, options, epoch, poolSize);
            var needed = columns.Select(column => ordered.Schema[column.InputColumnName]).DistinctBy(column => column.Index);
            using var cursor = ordered.GetRowCursor(needed);
            foreach (var accumulator in accumulators)
            {
                accumulator.StartEpoch(cursor, epoch == 0);
            }
            var rows = monitor.StartThread(options.CancellationToken);
            ReadAll(cursor, accumulators, options.BatchSize, rows);
            if (epoch == 0)
            {
                rowCount = rows.Count;
            }
            else if (rows.Count != rowCount)
            {
                throw new InvalidOperationException(
                    $"Column '{columns[0].InputColumnName}': the data gave {rowCount} row(s) in the first epoch and {rows.Count} in epoch {epoch + 1} of {options.Epochs}. "
                    + "Every epoch must read the same rows: put mlContext.Data.Cache before the fit, or set Epochs to 1.");
            }
        }
        monitor.Finish();
        return [.. accumulators.Select(accumulator => accumulator.Finish())];
    }

    private static void ReadAll(DataViewRowCursor cursor, BatchAccumulator[] accumulators, int batchSize, PassMonitor.Rows rows)
    {
        int rowsInBatch = 0;
        if (accumulators is [var only])
        {
            int asked, found;
            do
            {
                asked = Math.Min(rows.UntilCheck, batchSize - rowsInBatch);
                found = only.AddRows(cursor, asked);
                rows.Next(found);
                rowsInBatch += found;
                if (rowsInBatch == batchSize)
                {
                    only.EndBatch();
                    rowsInBatch = 0;
                }
            }
            while (found == asked);
            EndPass(accumulators, rowsInBatch, rows);
            return;
        }
        while (cursor.MoveNext())
        {
            foreach (var accumulator in accumulators)
            {
                accumulator.AddRow();
            }
            rows.Next();
            if (++rowsInBatch == batchSize)
            {
                foreach (var accumulator in accumulators)
                {
                    accumulator.EndBatch();
                }
                rowsInBatch = 0;
            }
        }
        EndPass(accumulators, rowsInBatch, rows);
    }

    private static void EndPass(BatchAccumulator[] accumulators, int rowsInBatch, PassMonitor.Rows rows)
    {
        rows.Finish();
        if (rowsInBatch > 0)
        {
            foreach (var accumulator in accumulators)
            {
                accumulator.EndLastBatch(rowsInBatch);
            }
        }
    }

    // What a view says it holds may be anything: a sum beyond all numbers is no sum.
    private static long? AllRows(long? rowCount, int epochs) => rowCount >= 0 && rowCount <= long.MaxValue / epochs ? rowCount * epochs : null;

    // Every view has an order of its own, so that each epoch needs another one. The seed alone decides: the context's is not asked.
    private static IDataView Order(IDataView data, BatchNormOptions options, int epoch, int poolSize) => options.Shuffle
        ? new MLContext().Data.ShuffleRows(data, unchecked(options.Seed + epoch), poolSize)
        : data;
}
