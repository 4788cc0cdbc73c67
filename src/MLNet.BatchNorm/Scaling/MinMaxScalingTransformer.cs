using System.Collections.Immutable;
using MLNet.BatchNorm.Interop;

namespace MLNet.BatchNorm;

/// <summary>
/// Scales features to a given range, with the smallest and largest values of the data it was fitted on:
/// y = (x - data minimum) / (data maximum - data minimum) * (maximum - minimum) + minimum.
/// </summary>
/// <inheritdoc cref="AffineTransformer" path="/remarks"/>
public sealed class MinMaxScalingTransformer : ScalingTransformer<MinMaxScalingTransformer, MinMaxScalingOptions, MinMaxScalingColumn>
{
    internal MinMaxScalingTransformer(HostEnvironment host, MinMaxScalingOptions options, ImmutableArray<FittedColumn> fitted)
        : base(MinMaxScalingState.Instance, host, options, fitted, [.. fitted.Select(column => new MinMaxScalingColumn(column, options))])
    {
    }
}
