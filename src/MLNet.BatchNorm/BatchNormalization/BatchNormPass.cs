using System.Collections.Immutable;
using Microsoft.ML;

namespace MLNet.BatchNorm;

/// <summary>The passes over the data of a fit of batch normalization: one per epoch, for all columns together.</summary>
internal static class BatchNormPass
{
    /// <summary>Goes on from the columns' statistics over all rows of the data. Reads no other columns than these.</summary>
    public static ImmutableArray<RunningColumn> Run(IDataView data, ImmutableArray<RunningColumn> columns, BatchNormOptions options)
    {
        var monitor = new PassMonitor(options, () => data.GetRowCount() * options.Epochs);
        BatchAccumulator[] accumulators = [.. columns.Select(column => new BatchAccumulator(column, options))];
        for (int epoch = 0; epoch < options.Epochs; epoch++)
        {
            var ordered = Order(data, options, epoch);
            var needed = columns.Select(column => ordered.Schema[column.InputColumnName]).DistinctBy(column => column.Index);
            using var cursor = ordered.GetRowCursor(needed);
            foreach (var accumulator in accumulators)
            {
                accumulator.StartEpoch(cursor, epoch == 0);
            }
            ReadAll(cursor, accumulators, options.BatchSize, monitor.StartThread(options.CancellationToken));
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

    // Every view has an order of its own, so that each epoch needs another one. The seed alone decides: the context's is not asked.
    private static IDataView Order(IDataView data, BatchNormOptions options, int epoch) => options.Shuffle
        ? new MLContext().Data.ShuffleRows(data, unchecked(options.Seed + epoch), options.ShufflePoolSize)
        : data;
}
