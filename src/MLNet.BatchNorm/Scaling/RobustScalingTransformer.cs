using System.Collections.Immutable;
using MLNet.BatchNorm.Interop;

namespace MLNet.BatchNorm;

/// <summary>
/// Scales features with the quantiles of the data it was fitted on, which few outliers do not move:
/// y = (x - median) / (upper quantile - lower quantile).
/// </summary>
/// <inheritdoc cref="AffineTransformer" path="/remarks"/>
public sealed class RobustScalingTransformer : ScalingTransformer<RobustScalingTransformer, RobustScalingOptions, RobustScalingColumn>
{
    internal RobustScalingTransformer(HostEnvironment host, RobustScalingOptions options, ImmutableArray<FittedColumn> fitted)
        : base(RobustScalingState.Instance, host, options, fitted, [.. fitted.Select(column => new RobustScalingColumn(column, options))])
    {
    }
}
