using System.Runtime.InteropServices;

namespace MLNet.BatchNorm.Persistence;

/// <summary>Writes a transformer's state into the statistics entry. Everything is little-endian; read back by <see cref="StatisticsReader"/>.</summary>
internal sealed class StatisticsWriter(BinaryWriter writer)
{
    /// <summary>The longest string that can be written, in bytes of UTF-8: far beyond any column name.</summary>
    public const int MaximumStringBytes = 1 << 16;

    public void WriteBoolean(bool value) => writer.Write(value ? (byte)1 : (byte)0);

    public void WriteInt32(int value) => writer.Write(value);

    public void WriteInt64(long value) => writer.Write(value);

    public void WriteDouble(double value) => writer.Write(value);

    /// <summary>Writes an enumeration by its number, which is part of the format: members may be added, never renumbered.</summary>
    public void WriteEnum<TEnum>(TEnum value)
        where TEnum : struct, Enum => writer.Write(Convert.ToInt32(value, null));

    /// <summary>Writes a nullable value: a flag, then the value where there is one.</summary>
    public void WriteOptional<T>(T? value, Action<T> write)
        where T : struct
    {
        WriteBoolean(value.HasValue);
        if (value is { } present)
        {
            write(present);
        }
    }

    /// <summary>Writes a string as its UTF-8 byte count and bytes; <see langword="null"/> as the count -1.</summary>
    public void WriteString(string? value)
    {
        if (value is null)
        {
            writer.Write(-1);
            return;
        }
        byte[] bytes = GeneralizedUtf8.Encode(value);
        if (bytes.Length > MaximumStringBytes)
        {
            throw new InvalidOperationException($"A text of {bytes.Length} bytes cannot be saved; at most {MaximumStringBytes} can be.");
        }
        writer.Write(bytes.Length);
        writer.Write(bytes);
    }

    /// <summary>Writes a count, then that many bytes.</summary>
    public void WriteBytes(ReadOnlySpan<byte> bytes)
    {
        writer.Write(bytes.Length);
        writer.Write(bytes);
    }

    /// <summary>Writes a count, then that many numbers.</summary>
    public void WriteDoubles(ReadOnlySpan<double> values) => WriteArray(values, sizeof(double));

    /// <summary>Writes a count, then that many numbers.</summary>
    public void WriteInt64s(ReadOnlySpan<long> values) => WriteArray(values, sizeof(long));

    /// <summary>Writes a count, then that many numbers.</summary>
    public void WriteInt32s(ReadOnlySpan<int> values) => WriteArray(values, sizeof(int));

    /// <summary>Writes a count, then that many numbers of single precision.</summary>
    public void WriteSingles(ReadOnlySpan<float> values) => WriteArray(values, sizeof(float));

    /// <summary>Writes a count, then that many strings; <see langword="null"/> as the count -1.</summary>
    public void WriteStrings(string[]? values)
    {
        writer.Write(values?.Length ?? -1);
        foreach (string value in values ?? [])
        {
            WriteString(value);
        }
    }

    // In pieces, so that nothing as long as the list is allocated.
    private void WriteArray<T>(ReadOnlySpan<T> values, int itemBytes)
        where T : unmanaged
    {
        const int PieceBytes = 1 << 12;

        writer.Write(values.Length);
        Span<byte> piece = stackalloc byte[PieceBytes];
        for (ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(values); bytes.Length > 0;)
        {
            Span<byte> part = piece[..Math.Min(PieceBytes, bytes.Length)];
            bytes[..part.Length].CopyTo(part);
            LittleEndian.Convert(part, itemBytes);
            writer.Write(part);
            bytes = bytes[part.Length..];
        }
    }
}
