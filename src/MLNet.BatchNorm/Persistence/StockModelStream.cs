using System.Buffers.Binary;
using System.Text;

namespace MLNet.BatchNorm.Persistence;

/// <summary>
/// Writes and opens the streams that ML.NET's model zips consist of.
/// </summary>
/// <remarks>
/// All numbers are little-endian. A stream is a header of 256 bytes, the model block, the string table, the strings' characters, the
/// assembly name, and a tail. Positions count from the start of the header.
/// <code>
/// 00  u64  4C 4D 00 4D 4F 44 45 4C, "ML MODEL" with a zero for the space
/// 08  u32  header version written, 0x00010002
/// 0C  u32  header version readable, 0x00010002
/// 10  i64  position of the model block, 256
/// 18  i64  size of the model block
/// 20  i64  position of the string table, or 0 if there are no strings
/// 28  i64  size of the string table: 8 bytes per string, each where that string's characters end, from the first character on
/// 30  i64  position of the strings' characters, UTF-16
/// 38  i64  size of the strings' characters
/// 40  u64  signature of the model block, 8 ASCII characters, space as 0
/// 48  u32  model version written
/// 4C  u32  model version readable
/// 50  24 bytes  name of the loader, ASCII
/// 68  24 bytes  alternative name, here 0
/// 80  i64  position of the tail: u64 4D 4C 00 4D 4F 44 45 4C backwards
/// 88  i64  position of the end
/// 90  i64  position of the assembly name, UTF-16
/// 98  u32  size of the assembly name
/// 9C  0 up to 256
/// </code>
/// In the model block a string is an i32 index into the string table.
/// </remarks>
internal static class StockModelStream
{
    private const int HeaderSize = 256;
    private const ulong HeadMagic = 0x4C45444F4D004C4D;
    private const ulong TailMagic = 0x4D4C004D4F44454C;
    private const uint HeaderVersion = 0x00010002;

    /// <summary>Makes a stream of the given component around the model block that <paramref name="writeModel"/> writes.</summary>
    public static byte[] Create(StockComponent component, Action<BinaryWriter, StringTable> writeModel)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream, Encoding.UTF8);
        var strings = new StringTable();
        writer.Write(new byte[HeaderSize]);
        writeModel(writer, strings);
        long modelSize = stream.Position - HeaderSize;

        long tablePosition = strings.Values.Count == 0 ? 0 : stream.Position;
        long charactersEnd = 0;
        foreach (string value in strings.Values)
        {
            charactersEnd += value.Length * sizeof(char);
            writer.Write(charactersEnd);
        }
        long charactersPosition = strings.Values.Count == 0 ? 0 : stream.Position;
        foreach (string value in strings.Values)
        {
            WriteCharacters(writer, value);
        }
        long assemblyNamePosition = stream.Position;
        WriteCharacters(writer, component.AssemblyName);
        long tailPosition = stream.Position;
        writer.Write(TailMagic);
        writer.Flush();

        byte[] bytes = stream.ToArray();
        Span<byte> header = bytes.AsSpan(0, HeaderSize);
        BinaryPrimitives.WriteUInt64LittleEndian(header, HeadMagic);
        BinaryPrimitives.WriteUInt32LittleEndian(header[0x08..], HeaderVersion);
        BinaryPrimitives.WriteUInt32LittleEndian(header[0x0C..], HeaderVersion);
        BinaryPrimitives.WriteInt64LittleEndian(header[0x10..], HeaderSize);
        BinaryPrimitives.WriteInt64LittleEndian(header[0x18..], modelSize);
        BinaryPrimitives.WriteInt64LittleEndian(header[0x20..], tablePosition);
        BinaryPrimitives.WriteInt64LittleEndian(header[0x28..], strings.Values.Count * sizeof(long));
        BinaryPrimitives.WriteInt64LittleEndian(header[0x30..], charactersPosition);
        BinaryPrimitives.WriteInt64LittleEndian(header[0x38..], charactersEnd);
        Encoding.ASCII.GetBytes(component.Signature.Replace(' ', '\0'), header[0x40..]);
        BinaryPrimitives.WriteUInt32LittleEndian(header[0x48..], component.VersionWritten);
        BinaryPrimitives.WriteUInt32LittleEndian(header[0x4C..], component.VersionReadable);
        Encoding.ASCII.GetBytes(component.Loader, header[0x50..]);
        BinaryPrimitives.WriteInt64LittleEndian(header[0x80..], tailPosition);
        BinaryPrimitives.WriteInt64LittleEndian(header[0x88..], bytes.Length);
        BinaryPrimitives.WriteInt64LittleEndian(header[0x90..], assemblyNamePosition);
        BinaryPrimitives.WriteInt32LittleEndian(header[0x98..], component.AssemblyName.Length * sizeof(char));
        return bytes;
    }

    // One by one: an encoder would replace the half of a surrogate pair, which a column name may hold.
    private static void WriteCharacters(BinaryWriter writer, string value)
    {
        foreach (char character in value)
        {
            writer.Write((ushort)character);
        }
    }

    /// <summary>Makes the stream of a transformer chain: the number of its transformers, and what each is used in.</summary>
    public static byte[] CreateChain(IReadOnlyCollection<int> scopes) => Create(StockComponent.Chain, (writer, _) =>
    {
        writer.Write(scopes.Count);
        foreach (int scope in scopes)
        {
            writer.Write(scope);
        }
    });

    /// <summary>Whether a stream is as long as its header says, ends as streams do, and has its parts one behind the other.</summary>
    public static bool IsWhole(ReadOnlySpan<byte> stream)
    {
        if (stream.Length < HeaderSize + sizeof(ulong) || BinaryPrimitives.ReadUInt64LittleEndian(stream) != HeadMagic)
        {
            return false;
        }
        long modelEnd = BinaryPrimitives.ReadInt64LittleEndian(stream[0x10..]) + BinaryPrimitives.ReadInt64LittleEndian(stream[0x18..]);
        long tail = BinaryPrimitives.ReadInt64LittleEndian(stream[0x80..]);
        return BinaryPrimitives.ReadInt64LittleEndian(stream[0x10..]) == HeaderSize
            && modelEnd >= HeaderSize && modelEnd <= tail
            && tail == stream.Length - sizeof(ulong)
            && BinaryPrimitives.ReadInt64LittleEndian(stream[0x88..]) == stream.Length
            && BinaryPrimitives.ReadUInt64LittleEndian(stream[^sizeof(ulong)..]) == TailMagic;
    }

    /// <summary>Whether two streams hold the same model block and strings, in the same version of the same format.</summary>
    public static bool HaveSameContent(ReadOnlySpan<byte> one, ReadOnlySpan<byte> other)
    {
        if (!IsWhole(one) || !IsWhole(other))
        {
            return false;
        }
        // The assembly, which ML.NET may name by another version, stands behind the strings.
        long end = BinaryPrimitives.ReadInt64LittleEndian(one[0x90..]);
        return end >= HeaderSize && end <= one.Length && end == BinaryPrimitives.ReadInt64LittleEndian(other[0x90..])
            && one[0x10..0x68].SequenceEqual(other[0x10..0x68])
            && one[HeaderSize..(int)end].SequenceEqual(other[HeaderSize..(int)end]);
    }

    /// <summary>
    /// The model block of a stream whose signature is that of <paramref name="component"/>, or <see langword="null"/> if it is of
    /// another component or no model stream at all.
    /// </summary>
    public static ReadOnlyMemory<byte>? TryGetModel(ReadOnlyMemory<byte> stream, StockComponent component)
    {
        ReadOnlySpan<byte> header = stream.Span;
        if (header.Length < HeaderSize || BinaryPrimitives.ReadUInt64LittleEndian(header) != HeadMagic
            || !header.Slice(0x40, 8).SequenceEqual(Encoding.ASCII.GetBytes(component.Signature.Replace(' ', '\0').PadRight(8, '\0'))))
        {
            return null;
        }
        long position = BinaryPrimitives.ReadInt64LittleEndian(header[0x10..]);
        long size = BinaryPrimitives.ReadInt64LittleEndian(header[0x18..]);
        bool inside = position >= HeaderSize && size >= 0 && position <= stream.Length && size <= stream.Length - position;
        // A bare null would be taken for an array, and so for an empty block.
        return inside ? stream.Slice((int)position, (int)size) : default(ReadOnlyMemory<byte>?);
    }
}

/// <summary>The strings of a model stream, each stored once.</summary>
internal sealed class StringTable
{
    private readonly List<string> _values = [];

    public IReadOnlyList<string> Values => _values;

    /// <summary>The index of the string, which is added if it is new.</summary>
    public int IndexOf(string value)
    {
        int index = _values.IndexOf(value);
        if (index < 0)
        {
            index = _values.Count;
            _values.Add(value);
        }
        return index;
    }
}
