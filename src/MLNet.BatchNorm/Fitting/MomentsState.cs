using MLNet.BatchNorm.Persistence;

namespace MLNet.BatchNorm;

/// <summary><see cref="FeatureMoments"/> in a statistics entry: the whole <see cref="FeatureMomentsState"/>, so that an update goes on to the last bit.</summary>
internal static class MomentsState
{
    // *** Binary format ***
    // long: number of rows; long: number of sparse rows; double: their weight; int: rows of the block under way
    // flag, then, where set, long and int: row and feature of the first infinity
    // doubles, one per feature each, in the order below; the last two: one per feature or none
    // behind the squared deviations, and behind the given weight, in the same list, where there is any: MagnifiedDeviations, SparseWeightRemainders
    public static void Write(StatisticsWriter writer, FeatureMoments moments)
    {
        var state = moments.ExportState();
        writer.WriteInt64(state.RowCount);
        writer.WriteInt64(state.SparseRowCount);
        writer.WriteDouble(state.SparseWeightSum);
        writer.WriteInt32(state.BlockRows);
        writer.WriteOptional(state.FirstInfinity, location =>
        {
            writer.WriteInt64(location.Row);
            writer.WriteInt32(location.Feature);
        });
        writer.WriteDoubles(state.Count);
        writer.WriteDoubles(state.WeightSum);
        writer.WriteDoubles(state.Origin);
        writer.WriteDoubles(state.Offset);
        writer.WriteDoubles([.. state.SquaredDeviations, .. state.MagnifiedDeviations]);
        writer.WriteDoubles(state.BlockCount);
        writer.WriteDoubles(state.BlockWeight);
        writer.WriteDoubles(state.BlockShift);
        writer.WriteDoubles(state.BlockSum);
        writer.WriteDoubles(state.BlockSquareSum);
        writer.WriteDoubles(state.Minimum);
        writer.WriteDoubles(state.Maximum);
        writer.WriteDoubles(state.MissingCount);
        writer.WriteDoubles(state.InfiniteCount);
        writer.WriteDoubles(state.SparseGivenCount);
        writer.WriteDoubles([.. state.SparseGivenWeight, .. state.SparseWeightRemainders]);
    }

    public static FeatureMoments Read(StatisticsReader reader, int featureCount)
    {
        int slotCount = MomentSums.LineLengthOf(featureCount);
        // Initializers run in the order in which they are written: the order of the format.
        var state = new FeatureMomentsState
        {
            RowCount = reader.ReadInt64(),
            SparseRowCount = reader.ReadInt64(),
            SparseWeightSum = reader.ReadDouble(),
            BlockRows = reader.ReadInt32(),
            FirstInfinity = reader.ReadOptional(() => new ValueLocation(reader.ReadInt64(), reader.ReadInt32())),
            Count = reader.ReadDoubles(featureCount),
            WeightSum = reader.ReadDoubles(featureCount),
            Origin = reader.ReadDoubles(featureCount),
            Offset = reader.ReadDoubles(featureCount),
            SquaredDeviations = reader.ReadDoubles(),
            BlockCount = reader.ReadDoubles(slotCount),
            BlockWeight = reader.ReadDoubles(slotCount),
            BlockShift = reader.ReadDoubles(slotCount),
            BlockSum = reader.ReadDoubles(slotCount),
            BlockSquareSum = reader.ReadDoubles(slotCount),
            Minimum = reader.ReadDoubles(featureCount),
            Maximum = reader.ReadDoubles(featureCount),
            MissingCount = reader.ReadDoubles(featureCount),
            InfiniteCount = reader.ReadDoubles(featureCount),
            SparseGivenCount = reader.ReadDoubles(),
            SparseGivenWeight = reader.ReadDoubles(),
        };
        var (squares, magnified) = Split(state.SquaredDeviations, featureCount);
        var (weights, remainders) = Split(state.SparseGivenWeight, state.SparseGivenCount.Length);
        state = state with
        {
            SquaredDeviations = squares,
            MagnifiedDeviations = magnified,
            SparseGivenWeight = weights,
            SparseWeightRemainders = remainders,
        };
        try
        {
            return FeatureMoments.FromState(state);
        }
        catch (InvalidDataException exception)
        {
            throw reader.Damaged(exception.Message, exception);
        }
    }

    private static (double[] Own, double[] Behind) Split(double[] values, int length) =>
        values.Length > length ? (values[..length], values[length..]) : (values, []);
}
