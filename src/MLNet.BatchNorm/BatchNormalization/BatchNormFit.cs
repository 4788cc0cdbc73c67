using System.Collections.Immutable;
using Microsoft.ML;

namespace MLNet.BatchNorm;

/// <summary>From column pairs and data to running columns: fit, go on with more data, merge. A fit is an update of nothing.</summary>
internal static class BatchNormFit
{
    public static ImmutableArray<RunningColumn> Fit(
        IDataView data, IEnumerable<InputOutputColumnPair> pairs, BatchNormOptions options, string parameterName)
    {
        ImmutableArray<RunningColumn> columns = [.. ColumnFit.Unfitted(data.Schema, pairs, options, parameterName).Select(fitted => Start(fitted, options))];
        columns = BatchNormPass.Run(data, columns, options);
        ColumnFit.RequireValues(columns.Select(column => column.Fitted), weightColumnName: null);
        foreach (var column in columns)
        {
            RequireBatches(column, options);
        }
        return columns;
    }

    public static ImmutableArray<RunningColumn> Update(
        ImmutableArray<RunningColumn> columns, IDataView data, BatchNormOptions options, string parameterName)
    {
        foreach (var column in columns)
        {
            column.Fitted.FindInput(data.Schema, parameterName);
        }
        return BatchNormPass.Run(data, columns, options);
    }

    /// <summary>The columns with the statistics of both sides, whose running statistics are plain averages.</summary>
    public static ImmutableArray<RunningColumn> Merge(
        ImmutableArray<RunningColumn> columns, ImmutableArray<RunningColumn> others, string parameterName)
    {
        var fitted = ColumnFit.Merge(Fitted(columns), Fitted(others), parameterName);
        return [.. fitted.Select((column, i) =>
        {
            var running = columns[i].Running.Clone();
            running.Merge(others[i].Running);
            var batches = columns[i].Batches.Clone();
            batches.Merge(others[i].Batches);
            return new RunningColumn(column, running, batches);
        })];
    }

    public static ImmutableArray<FittedColumn> Fitted(ImmutableArray<RunningColumn> columns) => [.. columns.Select(column => column.Fitted)];

    private static RunningColumn Start(FittedColumn fitted, BatchNormOptions options)
    {
        int featureCount = fitted.Layout.FeatureCount;
        // Before any row is read: a wrong count should not cost a pass over the data.
        options.Gamma.ForFeatures(featureCount, nameof(options.Gamma), fitted.InputColumnName);
        options.Beta.ForFeatures(featureCount, nameof(options.Beta), fitted.InputColumnName);
        var running = new RunningMoments(featureCount, options.Momentum, options.RunningVariance, options.RunningStart);
        return new RunningColumn(fitted, running, new BatchTally(featureCount));
    }

    private static void RequireBatches(RunningColumn column, BatchNormOptions options)
    {
        int empty = column.Running.UpdateCount.IndexOf(0);
        if (empty < 0)
        {
            return;
        }
        long rowCount = column.Fitted.Moments.RowCount;
        throw new InvalidOperationException(column.Running.BatchCount > 0
            ? $"{column.Fitted.Describe(empty)} has {column.Fitted.Moments.Count[empty]} value(s) in {rowCount} rows, and no batch of {options.BatchSize} rows has two of them: " +
              "there is no variance to average. Drop it, fill it in first, or use larger batches."
            : $"Column '{column.Fitted.InputColumnName}': {rowCount} row(s) make no batch (batch size {options.BatchSize}, last batch: {options.LastBatch}). " +
              "Batch statistics need two rows at least; with LastBatch.Drop, a whole batch.");
    }
}
