using System.Collections.Immutable;
using MLNet.BatchNorm.Interop;
using MLNet.BatchNorm.Persistence;

namespace MLNet.BatchNorm;

/// <summary>Standardization needs no more than the exact moments that every scaling has.</summary>
internal sealed class StandardizationState : ScalingState<StandardizationTransformer, StandardizationOptions>
{
    public static readonly StandardizationState Instance = new();

    public override string Kind => "Standardization";

    public override int Version => 3;

    protected override int QuantilesVersion => 3;

    public override StandardizationTransformer Create(HostEnvironment host, StandardizationOptions options, ImmutableArray<FittedColumn> fitted) =>
        new(host, options, fitted);

    // *** Binary format ***
    // flag: center
    // flag: scale
    // enum: variance estimator
    // double: epsilon
    // string or null: weight column
    // since version 2: optional doubles: mean, optional doubles: standard deviation
    protected override void WriteOptions(StatisticsWriter writer, StandardizationOptions options)
    {
        writer.WriteBoolean(options.Center);
        writer.WriteBoolean(options.Scale);
        writer.WriteEnum(options.VarianceEstimator);
        writer.WriteDouble(options.Epsilon);
        writer.WriteString(options.WeightColumnName);
        FeatureValuesState.Write(writer, options.Mean);
        FeatureValuesState.Write(writer, options.StandardDeviation);
    }

    protected override StandardizationOptions ReadOptions(StatisticsReader reader) => new()
    {
        Center = reader.ReadBoolean(),
        Scale = reader.ReadBoolean(),
        VarianceEstimator = reader.ReadEnum<VarianceEstimator>(),
        Epsilon = reader.ReadDouble(),
        WeightColumnName = reader.ReadStringOrNull(),
        Mean = reader.Version < 2 ? null : FeatureValuesState.Read(reader),
        StandardDeviation = reader.Version < 2 ? null : FeatureValuesState.Read(reader),
    };
}
