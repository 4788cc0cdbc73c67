using MLNet.BatchNorm.Persistence;

namespace MLNet.BatchNorm;

/// <summary>The options of a <see cref="MinMaxScalingTransformer"/> in its statistics entry. <see cref="ScalingState"/> has the columns.</summary>
internal static class MinMaxScalingState
{
    public const string Kind = "MinMaxScaling";
    public const int Version = 1;

    // *** Binary format ***
    // scaling options (ScalingState)
    // double: minimum
    // double: maximum
    // flag: clip
    // optional double: data minimum
    // optional double: data maximum
    public static void WriteOptions(StatisticsWriter writer, MinMaxScalingOptions options)
    {
        ScalingState.WriteOptions(writer, options);
        writer.WriteDouble(options.Minimum);
        writer.WriteDouble(options.Maximum);
        writer.WriteBoolean(options.Clip);
        writer.WriteOptional(options.DataMinimum, writer.WriteDouble);
        writer.WriteOptional(options.DataMaximum, writer.WriteDouble);
    }

    public static MinMaxScalingOptions ReadOptions(StatisticsReader reader)
    {
        var options = new MinMaxScalingOptions
        {
            Infinity = reader.ReadEnum<InfinityPolicy>(),
            ChannelAxis = reader.ReadOptional(reader.ReadInt32),
            Minimum = reader.ReadDouble(),
            Maximum = reader.ReadDouble(),
            Clip = reader.ReadBoolean(),
            DataMinimum = reader.ReadOptional(reader.ReadDouble),
            DataMaximum = reader.ReadOptional(reader.ReadDouble),
        };
        options.Validate();
        return options;
    }
}
