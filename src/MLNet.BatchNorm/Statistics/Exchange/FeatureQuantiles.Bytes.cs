namespace MLNet.BatchNorm;

public sealed partial class FeatureQuantiles
{
    private const string BytesName = "feature quantiles";
    private const int LeastBytesPerFeature = (5 * sizeof(long)) + (4 * sizeof(double)) + (4 * sizeof(int));

    private static ReadOnlySpan<byte> BytesKind => "FQUA"u8;

    /// <summary>
    /// The quantiles as bytes, for other processes: read by <see cref="FromBytes"/> on any machine. What is read back goes on where these stand,
    /// to the last bit.
    /// </summary>
    /// <exception cref="InvalidOperationException">The weights add up to more than a double can hold.</exception>
    // *** Binary format ***, little-endian; lists as int: length, doubles
    // "FQUA"; int: version 1 or 2; int: size; list: rows under way, [rows, features]; list: their weights, or none; long: sparse rows; double: their
    // weight; in version 2 double: what that, rounded, lacks; int: features; per feature
    // long: values, missing, infinite, given by sparse rows; double: weight of those; in version 2 double: what that lacks; double: weight of all,
    // minimum, maximum; int: 1 where exact, 0 otherwise;
    // long: random state; int: levels; per level int: exponent, list: values; list: values with weights of their own; list: those
    public byte[] ToBytes()
    {
        FeatureQuantilesState state = ExportState();
        var bytes = new byte[checked((int)LengthOf(state))];
        var writer = new MomentBytesWriter(bytes, BytesKind, state.Version);
        bool hasRemainders = HasRemainders(state.Version);
        writer.Write(state.Size);
        writer.Write(state.Rows);
        writer.Write(state.RowWeights);
        writer.Write(state.SparseRowCount);
        writer.Write(state.SparseWeight);
        if (hasRemainders)
        {
            writer.Write(state.SparseWeightRemainder);
        }
        writer.Write(state.Features.Length);
        foreach (FeatureQuantilesState.SketchState feature in state.Features)
        {
            writer.Write(feature.Count);
            writer.Write(feature.MissingCount);
            writer.Write(feature.InfiniteCount);
            writer.Write(feature.GivenCount);
            writer.Write(feature.GivenWeight);
            if (hasRemainders)
            {
                writer.Write(feature.GivenWeightRemainder);
            }
            writer.Write(feature.WeightSum);
            writer.Write(feature.Minimum);
            writer.Write(feature.Maximum);
            writer.Write(feature.IsExact ? 1 : 0);
            writer.Write(feature.Random);
            writer.Write(feature.Levels.Length);
            foreach (FeatureQuantilesState.SketchLevelState level in feature.Levels)
            {
                writer.Write(level.Exponent);
                writer.Write(level.Values);
            }
            writer.Write(feature.Values);
            writer.Write(feature.Weights);
        }
        return bytes;
    }

    /// <summary>The quantiles that <see cref="ToBytes"/> wrote.</summary>
    /// <param name="bytes">All of the bytes, and no others.</param>
    /// <exception cref="InvalidDataException">The bytes are damaged, of another kind, or of a later version; the message says which.</exception>
    public static FeatureQuantiles FromBytes(ReadOnlySpan<byte> bytes)
    {
        var reader = new MomentBytesReader(bytes, BytesKind, FeatureQuantilesState.CurrentVersion, BytesName);
        bool hasRemainders = HasRemainders(reader.Version);
        int size = reader.ReadInt32();
        double[] rows = reader.ReadDoubles();
        double[] rowWeights = reader.ReadDoubles();
        long sparseRowCount = reader.ReadInt64();
        double sparseWeight = reader.ReadDouble();
        double sparseWeightRemainder = hasRemainders ? reader.ReadDouble() : 0;
        var features = new FeatureQuantilesState.SketchState[reader.ReadCount(LeastBytesPerFeature)];
        for (int i = 0; i < features.Length; i++)
        {
            features[i] = ReadFeature(ref reader, hasRemainders);
        }
        reader.CheckAtEnd();
        try
        {
            return FromState(new FeatureQuantilesState
            {
                Version = reader.Version,
                Size = size,
                Rows = rows,
                RowWeights = rowWeights,
                SparseRowCount = sparseRowCount,
                SparseWeight = sparseWeight,
                SparseWeightRemainder = sparseWeightRemainder,
                Features = features,
            });
        }
        catch (InvalidDataException exception)
        {
            throw reader.Damaged(exception.Message);
        }
    }

    // Initializers run in the order in which they are written: the order of the format.
    private static FeatureQuantilesState.SketchState ReadFeature(ref MomentBytesReader reader, bool hasRemainders) => new()
    {
        Count = reader.ReadInt64(),
        MissingCount = reader.ReadInt64(),
        InfiniteCount = reader.ReadInt64(),
        GivenCount = reader.ReadInt64(),
        GivenWeight = reader.ReadDouble(),
        GivenWeightRemainder = hasRemainders ? reader.ReadDouble() : 0,
        WeightSum = reader.ReadDouble(),
        Minimum = reader.ReadDouble(),
        Maximum = reader.ReadDouble(),
        IsExact = reader.ReadInt32() != 0,
        Random = reader.ReadInt64(),
        Levels = ReadLevels(ref reader),
        Values = reader.ReadDoubles(),
        Weights = reader.ReadDoubles(),
    };

    private static FeatureQuantilesState.SketchLevelState[] ReadLevels(ref MomentBytesReader reader)
    {
        var levels = new FeatureQuantilesState.SketchLevelState[reader.ReadCount(2 * sizeof(int))];
        for (int i = 0; i < levels.Length; i++)
        {
            levels[i] = new FeatureQuantilesState.SketchLevelState { Exponent = reader.ReadInt32(), Values = reader.ReadDoubles() };
        }
        return levels;
    }

    private static bool HasRemainders(int version) => version > 1;

    private static long LengthOf(FeatureQuantilesState state)
    {
        static long List(double[] values) => sizeof(int) + ((long)values.Length * sizeof(double));
        int remainders = HasRemainders(state.Version) ? 1 + state.Features.Length : 0;
        return MomentBytesReader.HeadLength + (2 * sizeof(int)) + List(state.Rows) + List(state.RowWeights) + sizeof(long) + ((1L + remainders) * sizeof(double))
            + state.Features.Sum(feature => LeastBytesPerFeature + ((long)(feature.Values.Length + feature.Weights.Length) * sizeof(double))
                + feature.Levels.Sum(level => sizeof(int) + List(level.Values)));
    }
}
