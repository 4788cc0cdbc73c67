using System.Globalization;
using System.Numerics;

namespace Microsoft.ML.Data;

/// <summary>A 128-bit row identity: the same row has the same id in every cursor, whatever the order.</summary>
public readonly struct DataViewRowId : IComparable<DataViewRowId>, IEquatable<DataViewRowId>
{
    public readonly ulong Low;

    public readonly ulong High;

    public DataViewRowId(ulong low, ulong high)
    {
        Low = low;
        High = high;
    }

    public int CompareTo(DataViewRowId other) => High == other.High ? Low.CompareTo(other.Low) : High.CompareTo(other.High);

    public bool Equals(DataViewRowId other) => Low == other.Low && High == other.High;

    public override bool Equals(object? obj) => obj is DataViewRowId other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(Low, High);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{High:x16}{Low:x16}");

    // One Murmur3 (128 bit) block with the block (0, 0), (1, 0) or the other id: enough to keep derived ids apart.
    public DataViewRowId Next() => Mix(this, 0, 0);

    public DataViewRowId Fork() => Mix(this, BitOperations.RotateLeft(FirstConstant, 31) * SecondConstant, 0);

    private const ulong FirstConstant = 0x87c37b91114253d5;
    private const ulong SecondConstant = 0x4cf5ad432745937f;

    private static DataViewRowId Mix(DataViewRowId id, ulong first, ulong second)
    {
        var low = BitOperations.RotateLeft(id.Low ^ first, 27) + id.High;
        low = (low * 5) + 0x52dce729;
        var high = BitOperations.RotateLeft(id.High ^ second, 31) + low;
        high = (high * 5) + 0x38495ab5;
        return new DataViewRowId(low, high);
    }
}
