using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace MLNet.BatchNorm.Persistence;

/// <summary>
/// Reads what <see cref="StatisticsWriter"/> wrote, trusting nothing: a count is compared with the bytes that are left before anything
/// is allocated for it, and whatever does not fit ends in an <see cref="InvalidDataException"/> that names the entry.
/// </summary>
/// <param name="payload">The state's bytes.</param>
/// <param name="entryName">The entry's path inside the model file, for messages.</param>
/// <param name="version">The version that the state was written in, at most the one that its kind is registered with.</param>
/// <param name="slotLimit">The slots that all columns together may have.</param>
internal sealed class StatisticsReader(ReadOnlyMemory<byte> payload, string entryName, int version, long slotLimit = long.MaxValue)
{
    private int _position;
    private long _slotsLeft = slotLimit;

    /// <summary>The version that the state was written in.</summary>
    public int Version => version;

    private int Remaining => payload.Length - _position;

    public bool ReadBoolean() => Take(1, "a flag")[0] switch
    {
        0 => false,
        1 => true,
        byte other => throw Damaged($"a flag is {other}, neither 0 nor 1"),
    };

    public int ReadInt32() => BinaryPrimitives.ReadInt32LittleEndian(Take(sizeof(int), "a 32-bit number"));

    public long ReadInt64() => BinaryPrimitives.ReadInt64LittleEndian(Take(sizeof(long), "a 64-bit number"));

    public double ReadDouble() => BinaryPrimitives.ReadDoubleLittleEndian(Take(sizeof(double), "a number"));

    /// <summary>Reads an enumeration and refuses numbers that are none of its members.</summary>
    public TEnum ReadEnum<TEnum>()
        where TEnum : struct, Enum
    {
        int number = ReadInt32();
        TEnum value = (TEnum)Enum.ToObject(typeof(TEnum), number);
        return Enum.IsDefined(value) ? value : throw Damaged($"{number} is no {typeof(TEnum).Name}");
    }

    /// <summary>Reads a nullable value.</summary>
    public T? ReadOptional<T>(Func<T> read)
        where T : struct => ReadBoolean() ? read() : null;

    /// <summary>Reads a string that may be missing.</summary>
    public string? ReadStringOrNull()
    {
        int byteCount = ReadInt32();
        if (byteCount == -1)
        {
            return null;
        }
        if (byteCount < 0 || byteCount > StatisticsWriter.MaximumStringBytes)
        {
            throw Damaged($"a text claims a length of {byteCount} bytes");
        }
        ReadOnlySpan<byte> bytes = Take(byteCount, "a text");
        return GeneralizedUtf8.TryDecode(bytes) ?? throw Damaged("a text is no valid UTF-8");
    }

    /// <summary>Reads a string.</summary>
    public string ReadString() => ReadStringOrNull() ?? throw Damaged("a text is missing");

    /// <summary>Reads numbers, as many as their count says or, where <paramref name="expectedCount"/> is given, exactly that many.</summary>
    public double[] ReadDoubles(int? expectedCount = null) => ReadArray<double>(expectedCount);

    /// <inheritdoc cref="ReadDoubles"/>
    public long[] ReadInt64s(int? expectedCount = null) => ReadArray<long>(expectedCount);

    /// <inheritdoc cref="ReadDoubles"/>
    public int[] ReadInt32s(int? expectedCount = null) => ReadArray<int>(expectedCount);

    /// <inheritdoc cref="ReadDoubles"/>
    public float[] ReadSingles(int? expectedCount = null) => ReadArray<float>(expectedCount);

    /// <summary>Reads strings that may be missing as a whole.</summary>
    public string[]? ReadStringsOrNull(int? expectedCount = null)
    {
        int count = ReadInt32();
        if (count == -1)
        {
            return null;
        }
        CheckCount(count, sizeof(int), expectedCount);
        var values = new string[count];
        for (int i = 0; i < count; i++)
        {
            values[i] = ReadString();
        }
        return values;
    }

    /// <summary>Reads the count of a list whose items take at least <paramref name="minimumItemBytes"/> bytes each.</summary>
    public int ReadCount(int minimumItemBytes)
    {
        int count = ReadInt32();
        CheckCount(count, minimumItemBytes, null);
        return count;
    }

    /// <summary>Reads bytes behind their count, without a copy of them.</summary>
    public ReadOnlyMemory<byte> ReadBytes()
    {
        int byteCount = ReadCount(sizeof(byte));
        _position += byteCount;
        return payload.Slice(_position - byteCount, byteCount);
    }

    /// <summary>Reads bytes up to the end, whose count stands before them.</summary>
    public ReadOnlyMemory<byte> ReadRemaining()
    {
        int byteCount = ReadInt32();
        if (byteCount != Remaining)
        {
            throw Damaged($"{byteCount} bytes are announced, {Remaining} are there");
        }
        _position = payload.Length;
        return payload[^byteCount..];
    }

    /// <summary>Takes the slots of a column off those that the entry may claim, before anything is made for them.</summary>
    public void TakeSlots(int slotCount)
    {
        if (slotCount > _slotsLeft)
        {
            throw Damaged($"a column claims {slotCount} slots where the stock form beside the entry has room for {_slotsLeft}");
        }
        _slotsLeft -= slotCount;
    }

    /// <summary>Refuses bytes that nothing has read: the state was written by something else than what reads it.</summary>
    public void CheckAtEnd()
    {
        if (Remaining != 0)
        {
            throw Damaged($"{Remaining} bytes are left over");
        }
    }

    /// <summary>The exception for a state that is not what its kind writes. For the kinds' own checks, too.</summary>
    public InvalidDataException Damaged(string what, Exception? inner = null) => StatisticsEntry.Damaged(entryName, what, inner);

    private T[] ReadArray<T>(int? expectedCount)
        where T : unmanaged
    {
        int itemBytes = Marshal.SizeOf<T>();
        int count = ReadInt32();
        CheckCount(count, itemBytes, expectedCount);
        var values = new T[count];
        Span<byte> target = MemoryMarshal.AsBytes(values.AsSpan());
        Take(target.Length, "a list of numbers").CopyTo(target);
        LittleEndian.Convert(target, itemBytes);
        return values;
    }

    private void CheckCount(int count, int itemBytes, int? expectedCount)
    {
        if (count < 0 || (long)count * itemBytes > Remaining)
        {
            throw Damaged($"a list claims {count} items of {itemBytes} bytes or more where {Remaining} bytes are left");
        }
        if (expectedCount is { } expected && count != expected)
        {
            throw Damaged($"a list has {count} items, expected {expected}");
        }
    }

    private ReadOnlySpan<byte> Take(int byteCount, string what)
    {
        if (byteCount > Remaining)
        {
            throw Damaged($"it ends inside {what}");
        }
        ReadOnlySpan<byte> bytes = payload.Span.Slice(_position, byteCount);
        _position += byteCount;
        return bytes;
    }
}
