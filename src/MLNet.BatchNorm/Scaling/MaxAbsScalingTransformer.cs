using System.Collections.Immutable;
using MLNet.BatchNorm.Interop;

namespace MLNet.BatchNorm;

/// <summary>Scales features with the largest absolute value of the data it was fitted on: y = x / max |x|. Zeros stay zeros.</summary>
/// <inheritdoc cref="AffineTransformer" path="/remarks"/>
public sealed class MaxAbsScalingTransformer : ScalingTransformer<MaxAbsScalingTransformer, MaxAbsScalingOptions, MaxAbsScalingColumn>
{
    internal MaxAbsScalingTransformer(HostEnvironment host, MaxAbsScalingOptions options, ImmutableArray<FittedColumn> fitted)
        : base(MaxAbsScalingState.Instance, host, options, fitted, [.. fitted.Select(column => new MaxAbsScalingColumn(column))])
    {
    }
}
