namespace Microsoft.ML.Data;

/// <summary>Names of the item types for loaders and converters; the numbers are part of file formats.</summary>
public enum DataKind : byte
{
    SByte = 1,
    Byte = 2,
    Int16 = 3,
    UInt16 = 4,
    Int32 = 5,
    UInt32 = 6,
    Int64 = 7,
    UInt64 = 8,
    Single = 9,
    Double = 10,
    String = 11,
    Boolean = 12,
}

/// <summary>The cardinality of a key column to be loaded; without one, the largest that the type holds.</summary>
public sealed class KeyCount
{
    public ulong? Count;

    public KeyCount()
    {
    }

    public KeyCount(ulong count)
    {
        Runtime.Contracts.CheckParam(count > 0, nameof(count), "The cardinality of a key column has to be strictly positive.");
        Count = count;
    }
}

/// <summary>Between kinds and column types.</summary>
internal static class DataKinds
{
    private static readonly Type[] Types =
    [
        typeof(sbyte), typeof(byte), typeof(short), typeof(ushort), typeof(int), typeof(uint), typeof(long), typeof(ulong),
        typeof(float), typeof(double), typeof(ReadOnlyMemory<char>), typeof(bool),
    ];

    public static PrimitiveDataViewType ToType(this DataKind kind) => kind is >= DataKind.SByte and <= DataKind.Boolean
        ? ColumnTypeExtensions.PrimitiveTypeFromType(Types[(int)kind - 1])
        : throw new ArgumentOutOfRangeException(nameof(kind), kind, "Bad item type");

    /// <summary>The kind of a primitive type or of a key's raw type.</summary>
    public static DataKind ToKind(this PrimitiveDataViewType type) => (DataKind)(Array.IndexOf(Types, type.RawType) + 1);
}
