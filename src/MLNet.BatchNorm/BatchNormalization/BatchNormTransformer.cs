using System.Collections.Immutable;
using Microsoft.ML;
using MLNet.BatchNorm.Interop;

namespace MLNet.BatchNorm;

/// <summary>
/// Normalizes features with running statistics that were fixed by a fit: y = gamma (x - running mean) / sqrt(running variance + epsilon) + beta.
/// No row's result depends on any other row.
/// </summary>
/// <inheritdoc cref="AffineTransformer" path="/remarks"/>
public sealed class BatchNormTransformer : ScalingTransformer<BatchNormTransformer, BatchNormOptions, BatchNormColumn>
{
    private BatchNormReport? _report;

    internal BatchNormTransformer(HostEnvironment host, BatchNormOptions options, ImmutableArray<FittedColumn> fitted)
        : base(BatchNormState.Instance, host, options, fitted, [.. fitted.Select(column => new BatchNormColumn((RunningColumn)column, options))])
    {
    }

    /// <summary>The running statistics of each feature beside the exact ones, and what in them is worth a look. Its text is a table.</summary>
    public override BatchNormReport Report => _report ??= new BatchNormReport(Columns, Options);

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
        return DriftMeasurement.Run([.. Fitted.Cast<RunningColumn>()], Options, input, thresholds, nameof(input));
    }
}
