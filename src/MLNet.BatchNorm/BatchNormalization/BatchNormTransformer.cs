using System.Collections.Immutable;
using Microsoft.ML;
using MLNet.BatchNorm.Interop;
using MLNet.BatchNorm.Persistence;

namespace MLNet.BatchNorm;

/// <summary>
/// Normalizes features with running statistics that were fixed by a fit: y = gamma (x - running mean) / sqrt(running variance + epsilon) + beta.
/// No row's result depends on any other row.
/// </summary>
/// <inheritdoc cref="AffineTransformer" path="/remarks"/>
public sealed class BatchNormTransformer : AffineTransformer
{
    private readonly ImmutableArray<RunningColumn> _running;
    private BatchNormReport? _report;

    internal BatchNormTransformer(HostEnvironment host, BatchNormOptions options, ImmutableArray<RunningColumn> running)
        : this(host, options, running, [.. running.Select(column => new BatchNormColumn(column, options))])
    {
    }

    private BatchNormTransformer(
        HostEnvironment host, BatchNormOptions options, ImmutableArray<RunningColumn> running, ImmutableArray<BatchNormColumn> columns)
        : base(host, [.. columns.Select(column => column.ToAffine())])
    {
        _running = running;
        Options = options;
        Columns = columns;
    }

    /// <summary>The options that the transformer was fitted with.</summary>
    public BatchNormOptions Options { get; }

    /// <summary>Per column pair, in the order in which they were given: running and exact statistics, gamma, beta, scale and offset of each slot.</summary>
    public IReadOnlyList<BatchNormColumn> Columns { get; }

    /// <summary>The running statistics of each feature beside the exact ones, and what in them is worth a look. Its text is a table.</summary>
    public BatchNormReport Report => _report ??= new BatchNormReport(Columns, Options);

    /// <summary>
    /// A new transformer whose running statistics go on over the rows of <paramref name="input"/>. This one stays as it is. Where the
    /// rows of the fit filled whole batches, the result is the same, to the last bit, as that of a fit on all rows in one go (of one
    /// epoch, not shuffled); otherwise a batch ends where the rows of the fit ended. Warnings go to the host's log, as in a fit.
    /// </summary>
    /// <param name="input">More rows, with the input columns of the same types. No rows at all change nothing.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    /// <exception cref="InvalidOperationException">A value is infinite and the options do not leave those out.</exception>
    /// <exception cref="OperationCanceledException">The options' token was canceled.</exception>
    public BatchNormTransformer Update(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return Create(Host, Options, BatchNormFit.Update(_running, input, Options, nameof(input)));
    }

    /// <summary>
    /// A new transformer with the statistics of both, for parts of the data that were fitted apart: the same, up to rounding, as a fit on
    /// all batches in one go. For the plain average over batches only, where order does not matter. Neither side is changed.
    /// </summary>
    /// <param name="other">A transformer with the same columns and options, fitted on other rows.</param>
    /// <exception cref="ArgumentException">Columns or options differ.</exception>
    /// <exception cref="InvalidOperationException">
    /// <see cref="BatchNormOptions.Momentum"/> is not <see langword="null"/>: an exponential average depends on the order of all batches.
    /// </exception>
    public BatchNormTransformer Merge(BatchNormTransformer other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (Options.Momentum is { } momentum)
        {
            throw new InvalidOperationException(
                $"Merge: running statistics with momentum {momentum:R} depend on the order of the batches, so that two parts do not make a whole. " +
                $"Fit with {nameof(BatchNormOptions.Momentum)} = null, the plain average over batches, or use {nameof(Update)} on one part after the other.");
        }
        ScalingState.RequireSameOptions(Options, other.Options, nameof(other));
        return new BatchNormTransformer(Host, Options, BatchNormFit.Merge(_running, other._running, nameof(other)));
    }

    /// <summary>
    /// Compares data with the running statistics, feature by feature: how far the mean has moved, how the variance has changed, and
    /// whether more values are missing. Reads the data once.
    /// </summary>
    /// <param name="input">The data to compare, with the input columns of the same types. Infinite values count as missing.</param>
    /// <param name="thresholds">From where on a change counts as drift. Default: <see cref="DriftThresholds"/>'s own defaults.</param>
    /// <returns>What has changed, with a verdict.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type, or a threshold is out of its range.</exception>
    /// <exception cref="InvalidOperationException">There are no rows.</exception>
    /// <exception cref="OperationCanceledException">The options' token was canceled.</exception>
    public DriftReport MeasureDrift(IDataView input, DriftThresholds? thresholds = null)
    {
        ArgumentNullException.ThrowIfNull(input);
        thresholds ??= new DriftThresholds();
        thresholds.Validate();
        return DriftMeasurement.Run(_running, Options, input, thresholds, nameof(input));
    }

    /// <summary>Makes the transformer of a fit or an update, and tells the host what was found.</summary>
    internal static BatchNormTransformer Create(HostEnvironment host, BatchNormOptions options, ImmutableArray<RunningColumn> running)
    {
        var transformer = new BatchNormTransformer(host, options, running);
        FitLog.Write(host, "BatchNorm", BatchNormFit.Fitted(running), transformer.Report.Warnings);
        return transformer;
    }

    internal static BatchNormTransformer FromState(StatisticsReader reader, HostEnvironment host)
    {
        var options = BatchNormState.ReadOptions(reader);
        return new BatchNormTransformer(host, options, BatchNormState.ReadColumns(reader, options));
    }

    private protected override void SaveCore(ModelSaveContext context, ITransformer stock) => StatisticsEntry.SaveWithStatistics(
        context, stock, BatchNormState.Kind, BatchNormState.Version, writer => BatchNormState.Write(writer, Options, _running));
}
