using System.Collections.Immutable;
using MLNet.BatchNorm.Interop;

namespace MLNet.BatchNorm;

/// <summary>
/// Scales features to mean 0 and standard deviation 1, with the statistics of the data it was fitted on: y = (x - mean) / sqrt(variance + epsilon).
/// </summary>
/// <inheritdoc cref="AffineTransformer" path="/remarks"/>
public sealed class StandardizationTransformer : ScalingTransformer<StandardizationTransformer, StandardizationOptions, StandardizationColumn>
{
    internal StandardizationTransformer(HostEnvironment host, StandardizationOptions options, ImmutableArray<FittedColumn> fitted)
        : base(StandardizationState.Instance, host, options, fitted, [.. fitted.Select(column => new StandardizationColumn(column, options))])
    {
    }
}
