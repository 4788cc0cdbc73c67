using System.Collections.Immutable;
using MLNet.BatchNorm.Interop;
using MLNet.BatchNorm.Persistence;

namespace MLNet.BatchNorm;

/// <summary>Min-max scaling needs no more than the exact moments that every scaling has: they know the range.</summary>
internal sealed class MinMaxScalingState : ScalingState<MinMaxScalingTransformer, MinMaxScalingOptions>
{
    public static readonly MinMaxScalingState Instance = new();

    public override string Kind => "MinMaxScaling";

    public override int Version => 1;

    public override MinMaxScalingTransformer Create(HostEnvironment host, MinMaxScalingOptions options, ImmutableArray<FittedColumn> fitted) =>
        new(host, options, fitted);

    // *** Binary format ***
    // double: minimum
    // double: maximum
    // flag: clip
    // optional double: data minimum
    // optional double: data maximum
    protected override void WriteOptions(StatisticsWriter writer, MinMaxScalingOptions options)
    {
        writer.WriteDouble(options.Minimum);
        writer.WriteDouble(options.Maximum);
        writer.WriteBoolean(options.Clip);
        writer.WriteOptional(options.DataMinimum, writer.WriteDouble);
        writer.WriteOptional(options.DataMaximum, writer.WriteDouble);
    }

    protected override MinMaxScalingOptions ReadOptions(StatisticsReader reader, InfinityPolicy infinity, int? channelAxis) => new()
    {
        Infinity = infinity,
        ChannelAxis = channelAxis,
        Minimum = reader.ReadDouble(),
        Maximum = reader.ReadDouble(),
        Clip = reader.ReadBoolean(),
        DataMinimum = reader.ReadOptional(reader.ReadDouble),
        DataMaximum = reader.ReadOptional(reader.ReadDouble),
    };
}
