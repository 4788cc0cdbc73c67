using System.Collections.Immutable;
using MLNet.BatchNorm.Interop;
using MLNet.BatchNorm.Persistence;

namespace MLNet.BatchNorm;

/// <summary>Robust scaling needs quantiles beside the exact moments that every scaling has.</summary>
internal sealed class RobustScalingState : ScalingState<RobustScalingTransformer, RobustScalingOptions>
{
    public static readonly RobustScalingState Instance = new();

    public override string Kind => "RobustScaling";

    public override int Version => 1;

    public override RobustScalingTransformer Create(HostEnvironment host, RobustScalingOptions options, ImmutableArray<FittedColumn> fitted) =>
        new(host, options, fitted);

    // *** Binary format ***
    // flag: center; flag: scale; double: lower quantile, double: upper quantile; flag: unit variance; enum: coincident quantiles
    // string or null: weight column
    // optional doubles: median, optional doubles: quantile range
    protected override void WriteOptions(StatisticsWriter writer, RobustScalingOptions options)
    {
        writer.WriteBoolean(options.Center);
        writer.WriteBoolean(options.Scale);
        writer.WriteDouble(options.LowerQuantile);
        writer.WriteDouble(options.UpperQuantile);
        writer.WriteBoolean(options.UnitVariance);
        writer.WriteEnum(options.CoincidentQuantiles);
        writer.WriteString(options.WeightColumnName);
        FeatureValuesState.Write(writer, options.Median);
        FeatureValuesState.Write(writer, options.QuantileRange);
    }

    // Initializers run in the order in which they are written: the order of the format.
    protected override RobustScalingOptions ReadOptions(StatisticsReader reader) => new()
    {
        Center = reader.ReadBoolean(),
        Scale = reader.ReadBoolean(),
        LowerQuantile = reader.ReadDouble(),
        UpperQuantile = reader.ReadDouble(),
        UnitVariance = reader.ReadBoolean(),
        CoincidentQuantiles = reader.ReadEnum<CoincidentQuantiles>(),
        WeightColumnName = reader.ReadStringOrNull(),
        Median = FeatureValuesState.Read(reader),
        QuantileRange = FeatureValuesState.Read(reader),
    };
}
