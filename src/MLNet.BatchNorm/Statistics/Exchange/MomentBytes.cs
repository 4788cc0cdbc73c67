using System.Buffers.Binary;

namespace MLNet.BatchNorm;

/// <summary>
/// Writes numbers one after the other, little-endian, behind a head that says what they are: four letters, and the version of the format.
/// </summary>
internal ref struct MomentBytesWriter
{
    private readonly Span<byte> _bytes;
    private int _position;

    public MomentBytesWriter(Span<byte> bytes, ReadOnlySpan<byte> kind, int version)
    {
        _bytes = bytes;
        kind.CopyTo(bytes);
        _position = kind.Length;
        Write(version);
    }

    public void Write(int value)
    {
        BinaryPrimitives.WriteInt32LittleEndian(_bytes[_position..], value);
        _position += sizeof(int);
    }

    public void Write(long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(_bytes[_position..], value);
        _position += sizeof(long);
    }

    public void Write(double value)
    {
        BinaryPrimitives.WriteDoubleLittleEndian(_bytes[_position..], value);
        _position += sizeof(double);
    }

    /// <summary>A list of numbers behind its length.</summary>
    public void Write(ReadOnlySpan<double> values)
    {
        Write(values.Length);
        foreach (double value in values)
        {
            Write(value);
        }
    }
}

/// <summary>Reads what <see cref="MomentBytesWriter"/> wrote. The number of bytes is compared with what the head announces before anything is allocated.</summary>
internal ref struct MomentBytesReader
{
    /// <summary>The four letters and the version.</summary>
    public const int HeadLength = 4 + sizeof(int);

    private readonly ReadOnlySpan<byte> _bytes;
    private readonly string _what;
    private int _position;

    /// <exception cref="InvalidDataException">The bytes are something else, or of another version.</exception>
    public MomentBytesReader(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> kind, int version, string what)
    {
        _bytes = bytes;
        _what = what;
        if (bytes.Length < HeadLength || !bytes.StartsWith(kind))
        {
            throw new InvalidDataException($"The bytes do not hold {what}: they do not start as those do.");
        }

        _position = kind.Length;
        Version = ReadInt32();
        if (Version < 1 || Version > version)
        {
            throw new InvalidDataException(
                $"The bytes hold {what} of version {Version}, and this one reads 1 to {version}. {(Version > version ? "Update MLNet.BatchNorm." : string.Empty)}".TrimEnd());
        }
    }

    /// <summary>The version that the bytes say they are of.</summary>
    public int Version { get; }

    public int ReadInt32() => BinaryPrimitives.ReadInt32LittleEndian(Take(sizeof(int)));

    public long ReadInt64() => BinaryPrimitives.ReadInt64LittleEndian(Take(sizeof(long)));

    public double ReadDouble() => BinaryPrimitives.ReadDoubleLittleEndian(Take(sizeof(double)));

    /// <summary>The number of features, whose numbers take up all bytes that are left.</summary>
    public int ReadFeatureCount(int bytesPerFeature)
    {
        int count = ReadInt32();
        int left = _bytes.Length - _position;
        return count >= 1 && (long)count * bytesPerFeature == left
            ? count
            : throw Damaged($"{count} feature(s) of {bytesPerFeature} bytes are announced, and {left} bytes are there");
    }

    /// <summary>A list of numbers behind its length.</summary>
    public double[] ReadDoubles()
    {
        var values = new double[ReadCount(sizeof(double))];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = ReadDouble();
        }
        return values;
    }

    /// <summary>The length of a list whose items take so many bytes each, at least.</summary>
    public int ReadCount(int leastBytesPerItem)
    {
        int count = ReadInt32();
        int left = _bytes.Length - _position;
        return count >= 0 && (long)count * leastBytesPerItem <= left
            ? count
            : throw Damaged($"a list of {count} items of {leastBytesPerItem} bytes or more is announced, and {left} bytes are there");
    }

    /// <summary>Refuses bytes that nothing has read.</summary>
    public readonly void CheckAtEnd()
    {
        if (_position != _bytes.Length)
        {
            throw Damaged($"{_bytes.Length - _position} bytes are left over");
        }
    }

    public readonly InvalidDataException Damaged(string fault) => new($"The bytes of the {_what} are damaged: {fault}.");

    private ReadOnlySpan<byte> Take(int count)
    {
        if (_bytes.Length - _position < count)
        {
            throw Damaged("they end too early");
        }

        ReadOnlySpan<byte> taken = _bytes.Slice(_position, count);
        _position += count;
        return taken;
    }
}
