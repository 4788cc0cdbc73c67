using System.Collections.Immutable;
using MLNet.BatchNorm.Interop;
using MLNet.BatchNorm.Persistence;

namespace MLNet.BatchNorm;

/// <summary>Scaling by the largest magnitude needs no more than the exact moments that every scaling has: they know the range.</summary>
internal sealed class MaxAbsScalingState : ScalingState<MaxAbsScalingTransformer, MaxAbsScalingOptions>
{
    public static readonly MaxAbsScalingState Instance = new();

    public override string Kind => "MaxAbsScaling";

    public override int Version => 1;

    public override MaxAbsScalingTransformer Create(HostEnvironment host, MaxAbsScalingOptions options, ImmutableArray<FittedColumn> fitted) =>
        new(host, options, fitted);

    // *** Binary format ***
    // nothing beyond what all scalings share
    protected override void WriteOptions(StatisticsWriter writer, MaxAbsScalingOptions options)
    {
    }

    protected override MaxAbsScalingOptions ReadOptions(StatisticsReader reader) => new();
}
