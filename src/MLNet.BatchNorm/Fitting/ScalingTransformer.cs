using System.Collections.Immutable;
using Microsoft.ML;
using MLNet.BatchNorm.Interop;

namespace MLNet.BatchNorm;

/// <summary>The common part of this library's scaling transformers, whatever they scale by: a map per column, and a report of what it was made from.</summary>
/// <inheritdoc cref="AffineTransformer" path="/remarks"/>
public abstract class ScalingTransformer : AffineTransformer
{
    private ScalingReport? _report;

    private protected ScalingTransformer(HostEnvironment host, ImmutableArray<FittedColumn> fitted, ImmutableArray<ScalingColumn> columns)
        : base(host, [.. columns.Select(column => column.ToAffine())])
    {
        Fitted = fitted;
        ScalingColumns = columns;
    }

    /// <summary>What the fit has found in each feature, and what in it is worth a look. Its text is a table.</summary>
    public virtual ScalingReport Report => _report ??= new ScalingReport(
        [.. ScalingColumns.SelectMany(column => column.ReportRows())], ScalingColumns.SelectMany(column => column.Warnings));

    internal ImmutableArray<FittedColumn> Fitted { get; }

    private protected ImmutableArray<ScalingColumn> ScalingColumns { get; }

    /// <summary>Tells the host what a fit or an update has found.</summary>
    internal void LogFit(string component) => FitLog.Write(Host, component, Fitted, Report.Warnings);
}

/// <summary>A scaling transformer that can go on with more data, and be merged with others of its kind.</summary>
/// <typeparam name="TSelf">The transformer itself.</typeparam>
/// <typeparam name="TOptions">The options that it is fitted with.</typeparam>
/// <typeparam name="TColumn">What it knows of a column.</typeparam>
/// <inheritdoc cref="AffineTransformer" path="/remarks"/>
public abstract class ScalingTransformer<TSelf, TOptions, TColumn> : ScalingTransformer
    where TSelf : ScalingTransformer<TSelf, TOptions, TColumn>
    where TOptions : ScalingOptions
    where TColumn : ScalingColumn
{
    private readonly ScalingState<TSelf, TOptions> _scaling;

    private protected ScalingTransformer(
        ScalingState<TSelf, TOptions> scaling, HostEnvironment host, TOptions options, ImmutableArray<FittedColumn> fitted, ImmutableArray<TColumn> columns)
        : base(host, fitted, ImmutableArray<ScalingColumn>.CastUp(columns))
    {
        _scaling = scaling;
        Options = options;
        Columns = columns;
    }

    /// <summary>The options that the transformer was fitted with.</summary>
    public TOptions Options { get; }

    /// <summary>Per column pair, in the order in which they were given: statistics, scale and offset of each slot.</summary>
    public IReadOnlyList<TColumn> Columns { get; }

    /// <summary>
    /// A new transformer whose statistics include the rows of <paramref name="input"/> as well. This one stays as it is. Warnings go to
    /// the host's log, as in a fit.
    /// </summary>
    /// <remarks>
    /// The same, up to rounding, as a fit on all rows in one go. Batch normalization goes on with further batches: where the rows of the
    /// fit filled whole batches, the result is the same, to the last bit, as that of a fit on all rows in one go (of one epoch, not
    /// shuffled); otherwise a batch ends where the rows of the fit ended.
    /// </remarks>
    /// <param name="input">More rows, with the input columns (and the weight column) of the same types. No rows at all change nothing.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    /// <exception cref="ArgumentException">The slots of a column have names, here and in the data of the fit, and they differ.</exception>
    /// <exception cref="InvalidOperationException">
    /// The statistics were given and not fitted; a value is infinite and the options do not leave those out; or a weight is not valid.
    /// </exception>
    /// <exception cref="OperationCanceledException">The options' token was canceled.</exception>
    public TSelf Update(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        RequireFitted(nameof(Update), Options.UpdatesGivenStatistics);
        ImmutableArray<FittedColumn> columns = [.. Fitted.Select(column => column.On(input.Schema, nameof(input)))];
        var transformer = _scaling.Create(Host, Options, _scaling.Read(columns, input, Options, nameof(input)));
        transformer.LogFit(_scaling.Kind);
        return transformer;
    }

    /// <summary>
    /// A new transformer with the statistics of both, for parts of the data that were fitted apart: the same, up to rounding, as a fit on
    /// all rows in one go. Neither side is changed.
    /// </summary>
    /// <param name="other">A transformer with the same columns and options, fitted on other rows.</param>
    /// <exception cref="ArgumentException">Columns, options, or the names of slots differ.</exception>
    /// <exception cref="InvalidOperationException">
    /// The statistics were given and not fitted; or they are an exponential average, which depends on the order of all batches
    /// (<see cref="BatchNormOptions.Momentum"/> is not <see langword="null"/>); or a count, which the message names, would exceed 2^53.
    /// </exception>
    public TSelf Merge(TSelf other)
    {
        ArgumentNullException.ThrowIfNull(other);
        RequireFitted(nameof(Merge), isPossible: false);
        _scaling.RequireMergeable(Options);
        if (!Options.Equals(other.Options))
        {
            throw new ArgumentException($"Expected the same options on both sides; found {other.Options} there and {Options} here.", nameof(other));
        }
        return _scaling.Create(Host, Options, ColumnFit.Merge(Fitted, other.Fitted, nameof(other)));
    }

    /// <summary>
    /// Compares data with those of the fit (of batch normalization, with the running statistics), feature by feature: how far the mean has moved, how
    /// the variance has changed, whether more values are missing; and where the scaler keeps quantiles (<see cref="ScalingOptions.TrackQuantiles"/>,
    /// and robust scaling always), whether the whole distribution has another shape. Reads the data once.
    /// </summary>
    /// <param name="input">The data to compare, with the input columns (and the weight column) of the same types. Infinite values count as missing.</param>
    /// <param name="thresholds">From where on a change counts as drift. Default: <see cref="DriftThresholds"/>'s own defaults.</param>
    /// <returns>What has changed, with a verdict.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type, or a threshold is out of its range.</exception>
    /// <exception cref="InvalidOperationException">There are no rows; or the statistics were given and not fitted.</exception>
    /// <exception cref="OperationCanceledException">The options' token was canceled.</exception>
    public DriftReport MeasureDrift(IDataView input, DriftThresholds? thresholds = null)
    {
        ArgumentNullException.ThrowIfNull(input);
        RequireFitted(nameof(MeasureDrift), Options.UpdatesGivenStatistics);
        thresholds ??= new DriftThresholds();
        thresholds.Validate();
        return DriftMeasurement.Run(Fitted, Options, input, thresholds, nameof(input));
    }

    /// <summary>
    /// A monitor that compares rows with the data of the fit (of batch normalization, with the running statistics) as they come in, from many threads.
    /// Dispose of it to take it out of the metrics.
    /// </summary>
    /// <param name="options">Window, thresholds, name. Default: all rows, <see cref="DriftThresholds"/>'s own defaults, named after the input columns.</param>
    /// <exception cref="ArgumentException">An option is out of its range, or two contradict each other.</exception>
    /// <exception cref="InvalidOperationException">The statistics were given and not fitted.</exception>
    public DriftMonitor CreateDriftMonitor(DriftMonitorOptions? options = null)
    {
        RequireFitted(nameof(CreateDriftMonitor), Options.UpdatesGivenStatistics);
        options ??= new DriftMonitorOptions();
        options.Validate();
        return new DriftMonitor(Fitted, Options, options);
    }

    private protected override void SaveCore(ModelSaveContext context, ITransformer stock) => _scaling.Save(context, stock, Options, Fitted);

    private void RequireFitted(string operation, bool isPossible)
    {
        if (!isPossible && Options.GivenStatistics is { } given)
        {
            throw new InvalidOperationException($"{operation}: column '{Columns[0].InputColumnName}' is scaled by given numbers, which no data change: {given}.");
        }
    }
}
