using System.Collections.Immutable;
using MLNet.BatchNorm.Interop;
using MLNet.BatchNorm.Persistence;

namespace MLNet.BatchNorm;

/// <summary>Min-max scaling needs no more than the exact moments that every scaling has: they know the range.</summary>
internal sealed class MinMaxScalingState : ScalingState<MinMaxScalingTransformer, MinMaxScalingOptions>
{
    public static readonly MinMaxScalingState Instance = new();

    public override string Kind => "MinMaxScaling";

    public override int Version => 3;

    protected override int QuantilesVersion => 3;

    public override MinMaxScalingTransformer Create(HostEnvironment host, MinMaxScalingOptions options, ImmutableArray<FittedColumn> fitted) =>
        new(host, options, fitted);

    // *** Binary format ***
    // double: minimum
    // double: maximum
    // flag: clip
    // optional doubles: data minimum, optional doubles: data maximum; before version 2 one optional double each
    protected override void WriteOptions(StatisticsWriter writer, MinMaxScalingOptions options)
    {
        writer.WriteDouble(options.Minimum);
        writer.WriteDouble(options.Maximum);
        writer.WriteBoolean(options.Clip);
        FeatureValuesState.Write(writer, options.DataMinimum);
        FeatureValuesState.Write(writer, options.DataMaximum);
    }

    protected override MinMaxScalingOptions ReadOptions(StatisticsReader reader) => new()
    {
        Minimum = reader.ReadDouble(),
        Maximum = reader.ReadDouble(),
        Clip = reader.ReadBoolean(),
        DataMinimum = ReadDataEnd(reader),
        DataMaximum = ReadDataEnd(reader),
    };

    private static FeatureValues? ReadDataEnd(StatisticsReader reader) => reader.Version >= 2
        ? FeatureValuesState.Read(reader)
        : reader.ReadOptional(reader.ReadDouble) is { } number ? FeatureValues.FromDouble(number) : null;
}
