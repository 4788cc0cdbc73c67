using MLNet.BatchNorm.Persistence;

namespace MLNet.BatchNorm;

/// <summary>Optional <see cref="FeatureValues"/> in a statistics entry.</summary>
internal static class FeatureValuesState
{
    // *** Binary format ***
    // doubles: none, one number for all features, or one per feature
    public static void Write(StatisticsWriter writer, FeatureValues? values) => writer.WriteDoubles(values is null ? [] : values.Values.AsSpan());

    public static FeatureValues? Read(StatisticsReader reader) => reader.ReadDoubles() is { Length: > 0 } values ? FeatureValues.FromDoubles(values) : null;
}
