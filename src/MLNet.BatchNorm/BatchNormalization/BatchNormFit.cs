namespace MLNet.BatchNorm;

/// <summary>Where a fit of batch normalization begins, and what it must have found at its end.</summary>
internal static class BatchNormFit
{
    /// <summary>The column before the first batch.</summary>
    /// <exception cref="ArgumentException">Gamma or beta has neither one number nor one per feature.</exception>
    public static RunningColumn Start(FittedColumn fitted, BatchNormOptions options)
    {
        int featureCount = fitted.Layout.FeatureCount;
        // Before any row is read: a wrong count should not cost a pass over the data.
        options.Gamma.ForFeatures(featureCount, nameof(options.Gamma), fitted.InputColumnName);
        options.Beta.ForFeatures(featureCount, nameof(options.Beta), fitted.InputColumnName);
        return new RunningColumn(fitted, StartRunning(fitted, options), new BatchTally(featureCount));
    }

    /// <summary>The column with the running statistics of one batch that holds all rows.</summary>
    public static RunningColumn OfMoments(FittedColumn fitted, BatchNormOptions options)
    {
        var column = Start(fitted, options);
        var batch = fitted.Moments;
        var variance = options.VarianceEstimator == VarianceEstimator.Sample ? batch.SampleVariance : batch.PopulationVariance;
        column.Running.Restore(batch.Mean.AsSpan(), variance.AsSpan());
        return column with { Batches = BatchTally.OfOneBatch(batch, column.Running) };
    }

    private static RunningMoments StartRunning(FittedColumn fitted, BatchNormOptions options)
    {
        int featureCount = fitted.Layout.FeatureCount;
        return options is { RunningMean: { } mean, RunningVariance: { } variance }
            ? RunningMoments.FromStatistics(
                mean.ForFeatures(featureCount, nameof(options.RunningMean), fitted.InputColumnName),
                variance.ForFeatures(featureCount, nameof(options.RunningVariance), fitted.InputColumnName),
                batchCount: 1,
                options.Momentum,
                options.VarianceEstimator,
                options.RunningStart)
            : new RunningMoments(featureCount, options.Momentum, options.VarianceEstimator, options.RunningStart);
    }

    /// <summary>Refuses a fit without a batch, or with a feature that never had two values in one.</summary>
    public static void RequireBatches(RunningColumn column, BatchNormOptions options)
    {
        var updates = column.Running.UpdateCount;
        int empty = Enumerable.Range(0, updates.Length).FirstOrDefault(
            feature => updates[feature] == 0 && (column.Moments.Count[feature] > 0 || column.Running.BatchCount == 0), defaultValue: -1);
        if (empty < 0)
        {
            return;
        }
        long rowCount = column.Moments.RowCount;
        if (column.Running.BatchCount > 0 && double.IsInfinity(column.Moments.PopulationVariance[empty]))
        {
            throw column.VarianceBeyondDouble(empty);
        }
        throw new InvalidOperationException(column.Running.BatchCount > 0
            ? $"{column.Describe(empty)} has {column.Moments.Count[empty]} value(s) in {rowCount} rows, and no batch of {options.BatchSize} rows has two of them: " +
              "there is no variance to average. Drop it, fill it in first, or use larger batches."
            : $"Column '{column.InputColumnName}': {rowCount} row(s) make no batch (batch size {options.BatchSize}, last batch: {options.LastBatch}). " +
              "Batch statistics need two rows at least; with LastBatch.Drop, a whole batch.");
    }
}
