using System.Buffers.Binary;

namespace MLNet.BatchNorm;

public sealed partial class RunningMoments
{
    private const int BytesVersion = 2;
    private const int BytesPerFeature = 4 * sizeof(double);
    private const int BytesBeforeFeatures = MomentBytesReader.HeadLength + sizeof(double) + (3 * sizeof(int)) + sizeof(long);

    private static ReadOnlySpan<byte> BytesKind => "RMOM"u8;

    /// <summary>
    /// The running moments as bytes, 36 and 32 per feature, for other processes: read by <see cref="FromBytes"/> on any machine. What is
    /// read back goes on where these stand, to the last bit.
    /// </summary>
    // *** Binary format ***, little-endian
    // "RMOM"; int: version 2; double: momentum, or 0 for the plain average; int: variance estimator; int: start; long: batches;
    // int: features; per feature double: mean, variance, and the weight of the batches; long: batches with values of it
    // (version 1: mean and variance times the weight)
    public byte[] ToBytes()
    {
        var bytes = new byte[checked(BytesBeforeFeatures + (FeatureCount * BytesPerFeature))];
        var writer = new MomentBytesWriter(bytes, BytesKind, BytesVersion);
        writer.Write(Momentum ?? 0);
        writer.Write((int)VarianceEstimator);
        writer.Write((int)RunningStart);
        writer.Write(BatchCount);
        writer.Write(FeatureCount);
        for (int feature = 0; feature < FeatureCount; feature++)
        {
            writer.Write(_mean[feature]);
            writer.Write(_variance[feature]);
            writer.Write(_weight[feature]);
            writer.Write(_updates[feature]);
        }

        return bytes;
    }

    /// <summary>The running moments that <see cref="ToBytes"/> wrote.</summary>
    /// <param name="bytes">All of the bytes, and no others.</param>
    /// <exception cref="InvalidDataException">The bytes are damaged, of another kind, or of a later version; the message says which.</exception>
    public static RunningMoments FromBytes(ReadOnlySpan<byte> bytes)
    {
        var reader = new MomentBytesReader(bytes, BytesKind, BytesVersion, "running moments");
        double momentum = reader.ReadDouble();
        var variance = (VarianceEstimator)reader.ReadInt32();
        var start = (RunningStart)reader.ReadInt32();
        long batchCount = reader.ReadInt64();
        int featureCount = reader.ReadFeatureCount(BytesPerFeature);
        var state = new RunningMomentsState(
            momentum == 0 ? null : momentum,
            variance,
            start,
            batchCount,
            new double[featureCount],
            new double[featureCount],
            new double[featureCount],
            new long[featureCount]);
        for (int feature = 0; feature < featureCount; feature++)
        {
            state.Mean[feature] = reader.ReadDouble();
            state.Variance[feature] = reader.ReadDouble();
            state.Weight[feature] = reader.ReadDouble();
            state.UpdateCount[feature] = reader.ReadInt64();
        }

        bool isOfSums = BinaryPrimitives.ReadInt32LittleEndian(bytes[BytesKind.Length..]) == 1;
        return FromState(isOfSums ? state.DividedByWeight() : state);
    }
}
