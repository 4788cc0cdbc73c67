using System.Data.Common;
using System.Globalization;
using System.Numerics;

namespace MLNet.BatchNorm.Sql;

/// <summary>One row of a <see cref="MomentsStatement"/>'s result: the moments of one group, partition, or of all rows.</summary>
internal sealed class MomentsRow
{
    public required object Key { get; init; }

    public required long RowCount { get; init; }

    public required long WeighingRowCount { get; init; }

    public required long BadWeightCount { get; init; }

    public required FeatureSums[] Features { get; init; }

    /// <summary>What the statement has found of one feature; NaN for NULL.</summary>
    internal readonly record struct FeatureSums(
        long Count, long InfiniteCount, long NoNumberCount, double Minimum, double Maximum, double Center, double WeightSum, double Sum, double SquareSum);

    public static MomentsRow Read(DbDataReader reader, int featureCount)
    {
        int ordinal = MomentsStatement.ColumnsBeforeFeatures;
        var features = new FeatureSums[featureCount];
        for (int feature = 0; feature < featureCount; feature++, ordinal += MomentsStatement.ColumnsPerFeature)
        {
            features[feature] = new FeatureSums(
                ReadCount(reader, ordinal),
                ReadCount(reader, ordinal + 1),
                ReadCount(reader, ordinal + 2),
                ReadDouble(reader, ordinal + 3),
                ReadDouble(reader, ordinal + 4),
                ReadDouble(reader, ordinal + 5),
                ReadDouble(reader, ordinal + 6),
                ReadDouble(reader, ordinal + 7),
                ReadDouble(reader, ordinal + 8));
        }

        return new MomentsRow
        {
            Key = reader.GetValue(0),
            RowCount = ReadCount(reader, 1),
            WeighingRowCount = ReadCount(reader, 2),
            BadWeightCount = ReadCount(reader, 3),
            Features = features,
        };
    }

    private static long ReadCount(DbDataReader reader, int ordinal) => reader.GetValue(ordinal) switch
    {
        long count => count,
        BigInteger count => (long)count,
        DBNull => 0,
        object count => Convert.ToInt64(count, CultureInfo.InvariantCulture),
    };

    private static double ReadDouble(DbDataReader reader, int ordinal) => reader.GetValue(ordinal) switch
    {
        double value => value,
        BigInteger value => (double)value,
        DBNull => double.NaN,
        object value => Convert.ToDouble(value, CultureInfo.InvariantCulture),
    };
}
