namespace MLNet.BatchNorm;

public sealed partial class FeatureMoments
{
    private const int BytesVersion = 1;
    private const int BytesPerFeature = 9 * sizeof(double);
    private const int BytesBeforeFeatures = MomentBytesReader.HeadLength + (2 * sizeof(long)) + (2 * sizeof(int));

    private static ReadOnlySpan<byte> BytesKind => "FMOM"u8;

    /// <summary>
    /// The moments as bytes, 32 and 72 per feature, for other processes: read by <see cref="FromBytes"/> on any machine. What is read back
    /// merges as the moments themselves do.
    /// </summary>
    /// <exception cref="InvalidOperationException">A feature's sums have overflowed.</exception>
    // *** Binary format ***, little-endian
    // "FMOM"; int: version 1; long: rows; long, int: row and feature of the first infinity, or -1, -1; int: features; per feature
    // long: values; long: missing; long: infinite; double: weight, mean, remainder of the mean, squared deviations, minimum, maximum
    public byte[] ToBytes()
    {
        FeatureTotals[] totals = ToTotals();
        var bytes = new byte[checked(BytesBeforeFeatures + (totals.Length * BytesPerFeature))];
        var writer = new MomentBytesWriter(bytes, BytesKind, BytesVersion);
        writer.Write(RowCount);
        writer.Write(FirstInfinity?.Row ?? -1);
        writer.Write(FirstInfinity?.Feature ?? -1);
        writer.Write(totals.Length);
        foreach (FeatureTotals total in totals)
        {
            writer.Write(total.Count);
            writer.Write(total.MissingCount);
            writer.Write(total.InfiniteCount);
            writer.Write(total.WeightSum);
            writer.Write(total.Mean);
            writer.Write(total.MeanRemainder);
            writer.Write(total.SquaredDeviations);
            writer.Write(total.Minimum);
            writer.Write(total.Maximum);
        }

        return bytes;
    }

    /// <summary>The moments that <see cref="ToBytes"/> wrote.</summary>
    /// <param name="bytes">All of the bytes, and no others.</param>
    /// <exception cref="InvalidDataException">The bytes are damaged, of another kind, or of a later version; the message says which.</exception>
    public static FeatureMoments FromBytes(ReadOnlySpan<byte> bytes)
    {
        var reader = new MomentBytesReader(bytes, BytesKind, BytesVersion, "feature moments");
        long rowCount = reader.ReadInt64();
        var location = new ValueLocation(reader.ReadInt64(), reader.ReadInt32());
        ValueLocation? firstInfinity = location is { Row: -1, Feature: -1 } ? null : location;
        var totals = new FeatureTotals[reader.ReadFeatureCount(BytesPerFeature)];
        for (int feature = 0; feature < totals.Length; feature++)
        {
            // Arguments are evaluated in the order in which they are written: the order of the format.
            totals[feature] = new FeatureTotals(
                reader.ReadInt64(),
                reader.ReadInt64(),
                reader.ReadInt64(),
                reader.ReadDouble(),
                reader.ReadDouble(),
                reader.ReadDouble(),
                reader.ReadDouble(),
                reader.ReadDouble(),
                reader.ReadDouble());
        }

        return FeatureTotals.Fault(totals, rowCount, firstInfinity) is { } fault
            ? throw reader.Damaged(fault)
            : FromTotals(totals, rowCount, firstInfinity);
    }
}
