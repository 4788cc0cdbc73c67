using MLNet.BatchNorm.Persistence;

namespace MLNet.BatchNorm;

/// <summary>The options of a <see cref="StandardizationTransformer"/> in its statistics entry. <see cref="ScalingState"/> has the columns.</summary>
internal static class StandardizationState
{
    public const string Kind = "Standardization";
    public const int Version = 1;

    // *** Binary format ***
    // scaling options (ScalingState)
    // flag: center
    // flag: scale
    // enum: variance estimator
    // double: epsilon
    // string or null: weight column
    public static void WriteOptions(StatisticsWriter writer, StandardizationOptions options)
    {
        ScalingState.WriteOptions(writer, options);
        writer.WriteBoolean(options.Center);
        writer.WriteBoolean(options.Scale);
        writer.WriteEnum(options.Variance);
        writer.WriteDouble(options.Epsilon);
        writer.WriteString(options.WeightColumnName);
    }

    public static StandardizationOptions ReadOptions(StatisticsReader reader)
    {
        var options = new StandardizationOptions
        {
            Infinity = reader.ReadEnum<InfinityPolicy>(),
            ChannelAxis = reader.ReadOptional(reader.ReadInt32),
            Center = reader.ReadBoolean(),
            Scale = reader.ReadBoolean(),
            Variance = reader.ReadEnum<VarianceEstimator>(),
            Epsilon = reader.ReadDouble(),
            WeightColumnName = reader.ReadStringOrNull(),
        };
        options.Validate();
        return options;
    }
}
