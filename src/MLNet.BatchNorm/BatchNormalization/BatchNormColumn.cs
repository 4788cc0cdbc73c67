using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace MLNet.BatchNorm;

/// <summary>
/// What a <see cref="BatchNormTransformer"/> does to one column, per slot:
/// y = gamma (x - running mean) / sqrt(running variance + epsilon) + beta.
/// </summary>
/// <remarks>
/// <para>
/// <see cref="ScalingColumn.Statistics"/> are exact and pooled over all rows, left-out batches included; what the map uses are the running
/// statistics. <see cref="ScalingColumn.Offset"/> has beta folded in, so that y = (x - offset) * scale is the whole map; where gamma is 0,
/// y = beta for every x, and the offset is the running mean.
/// </para>
/// <para>Immutable, and safe to use from many threads. All lists have one entry per slot, also where slots share a channel's statistics.</para>
/// </remarks>
public sealed class BatchNormColumn : ScalingColumn
{
    internal BatchNormColumn(RunningColumn column, BatchNormOptions options)
        : base(column, CreateMap(column, options))
    {
        var layout = column.Layout;
        RunningMean = Expand(column.Running.Mean);
        RunningVariance = Expand(column.Running.Variance);
        BatchCount = Expand(column.Running.UpdateCount);
        Gamma = Expand(options.Gamma.ForFeatures(layout.FeatureCount, nameof(options.Gamma), InputColumnName));
        Beta = Expand(options.Beta.ForFeatures(layout.FeatureCount, nameof(options.Beta), InputColumnName));
        BetweenBatchShare = Expand(Enumerable.Range(0, layout.FeatureCount).Select(feature => BatchSpread.Of(column, feature).BetweenShare).ToArray());
        Running = column;

        ImmutableArray<T> Expand<T>(IReadOnlyList<T> values) => ImmutableCollectionsMarshal.AsImmutableArray(layout.Expand<T>([.. values]));
    }

    /// <summary>The running mean, per slot.</summary>
    public ImmutableArray<double> RunningMean { get; }

    /// <summary>The running variance, per slot, without epsilon.</summary>
    public ImmutableArray<double> RunningVariance { get; }

    /// <summary>The batches averaged into the running statistics, per slot: those that had at least two values of it, over all epochs.</summary>
    public ImmutableArray<long> BatchCount { get; }

    /// <summary>The standard deviation given to each slot: <see cref="BatchNormOptions.Gamma"/>.</summary>
    public ImmutableArray<double> Gamma { get; }

    /// <summary>The mean given to each slot: <see cref="BatchNormOptions.Beta"/>.</summary>
    public ImmutableArray<double> Beta { get; }

    /// <summary>
    /// The share of the variance that lies between batches, per slot, beyond what chance puts there: about 0 (it may be a little less) for
    /// rows in random order, up to 1 for sorted rows, whose batch variances are far too small. NaN where there is only one batch.
    /// </summary>
    public ImmutableArray<double> BetweenBatchShare { get; }

    /// <summary>Batches left out of the running statistics, over all epochs.</summary>
    public long LeftOutBatchCount => Running.Batches.LeftOutBatchCount;

    /// <summary>Rows of the batches left out.</summary>
    public long LeftOutRowCount => Running.Batches.LeftOutRowCount;

    internal RunningColumn Running { get; }

    internal IEnumerable<BatchNormReportRow> ReportBatchRows() => ReportRows().Select((row, slot) => new BatchNormReportRow(
        row.ColumnName, row.Slot, row.SlotName, row.Statistics, RunningMean[slot], RunningVariance[slot], BetweenBatchShare[slot],
        BatchCount[slot], row.Scale, row.Offset));

    private static AffineMap CreateMap(RunningColumn column, BatchNormOptions options)
    {
        int featureCount = column.Layout.FeatureCount;
        double[] scale = options.Gamma.ForFeatures(featureCount, nameof(options.Gamma), column.InputColumnName);
        double[] shift = options.Beta.ForFeatures(featureCount, nameof(options.Beta), column.InputColumnName);
        double[] mean = [.. column.Running.Mean];
        var variance = column.Running.Variance;
        for (int feature = 0; feature < featureCount; feature++)
        {
            if (column.Moments.Count[feature] == 0 && !column.Running.HasStarted(feature))
            {
                // Not a single value to go by.
                continue;
            }
            if (!double.IsFinite(variance[feature]))
            {
                throw column.VarianceBeyondDouble(feature);
            }
            // A constant has no variance to divide by. Where the running variance starts at 1 it has one for a while, or it is given: then the formula is
            // followed to the letter, as in the libraries that start so.
            bool isConstant = !options.StartsAtZeroOne && options.RunningMean is null && column.Moments.Count[feature] > 0 && column.Moments.IsConstant(feature);
            if (isConstant)
            {
                // Batches of values some last digits apart have means some last digits apart, and their average is not the mean of all.
                mean[feature] = column.Moments.Mean[feature];
            }
            if (scale[feature] != 0)
            {
                double deviation = Math.Sqrt(variance[feature] + options.Epsilon);
                double divisor = isConstant || !column.Type.HoldsInverse(deviation) ? 1 : deviation;
                scale[feature] = column.UsableScale(feature, scale[feature] / divisor, shift[feature]);
            }
        }
        var layout = column.Layout;
        return new AffineMap(layout.Expand<double>(mean), layout.Expand<double>(scale), layout.Expand<double>(shift));
    }
}
