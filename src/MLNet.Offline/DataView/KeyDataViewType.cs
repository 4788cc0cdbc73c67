namespace Microsoft.ML.Data;

/// <summary>A category out of <see cref="Count"/>: 1 to Count, with 0 for missing.</summary>
public sealed class KeyDataViewType : PrimitiveDataViewType
{
    public KeyDataViewType(Type type, ulong count)
        : base(type)
    {
        var limit = LargestCount(type);
        if (limit == 0)
        {
            throw new ArgumentOutOfRangeException(nameof(type), $"A key cannot be of {type}: it must be Byte, UInt16, UInt32 or UInt64.");
        }

        if (count == 0 || count > limit)
        {
            throw new ArgumentOutOfRangeException(nameof(count), $"The cardinality of a {type.Name} key must be from 1 to {limit}, but got {count}.");
        }

        Count = count;
    }

    public KeyDataViewType(Type type, int count)
        : this(type, (ulong)Math.Max(count, 0))
    {
    }

    public ulong Count { get; }

    public static bool IsValidDataType(Type type) => LargestCount(type) > 0;

    public override bool Equals(DataViewType? other) => other is KeyDataViewType key && key.RawType == RawType && key.Count == Count;

    public override bool Equals(object? other) => other is DataViewType type && Equals(type);

    public override int GetHashCode() => HashCode.Combine(RawType, Count);

    public override string ToString() => $"Key<{RawType.Name}, 0-{Count - 1}>";

    private static ulong LargestCount(Type type) => type.IsEnum ? 0 : Type.GetTypeCode(type) switch
    {
        TypeCode.Byte => byte.MaxValue,
        TypeCode.UInt16 => ushort.MaxValue,
        TypeCode.UInt32 => uint.MaxValue,
        TypeCode.UInt64 => ulong.MaxValue,
        _ => 0,
    };
}
