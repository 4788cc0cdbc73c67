using System.Collections.Immutable;
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
}
