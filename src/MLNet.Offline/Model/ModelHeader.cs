using System.Buffers.Binary;
using System.Text;

namespace Microsoft.ML;

/// <summary>The 256 bytes at the start of every model stream: where its parts are, its format, and its loader. Little-endian.</summary>
internal sealed class ModelHeader
{
    public const int Size = 256;
    public const ulong Signature = 0x4C45444F4D004C4D; // "ML MODEL"
    public const ulong TailSignature = 0x4D4C004D4F44454C;
    private const uint ContainerVersion = 0x00010002;
    private const uint OldestContainerVersion = 0x00010001;
    private const uint AssemblyNameVersion = 0x00010002;
    private const int LoaderSignatureLength = 24;

    public uint ContainerWritten { get; private set; } = ContainerVersion;

    public long ModelSize { get; set; }

    public long StringTablePosition { get; set; }

    public long StringTableSize { get; set; }

    public long StringCharsPosition { get; set; }

    public long StringCharsSize { get; set; }

    public ulong ModelSignature { get; private set; }

    public uint ModelWritten { get; private set; }

    public uint ModelReadable { get; private set; }

    public string LoaderSignature { get; private set; } = "";

    private string LoaderSignatureAlternate { get; set; } = "";

    public long AssemblyNamePosition { get; set; }

    public uint AssemblyNameSize { get; set; }

    public long TailPosition { get; set; }

    public long Limit { get; set; }

    public void Describe(ComponentVersion version)
    {
        ModelSignature = EncodeSignature(version.ModelSignature);
        ModelWritten = version.Written;
        ModelReadable = version.Readable;
        LoaderSignature = version.LoaderSignature;
        LoaderSignatureAlternate = version.LoaderSignatureAlternate;
    }

    /// <summary>Throws unless this header belongs to that component, in a version that this software reads.</summary>
    public void Check(ComponentVersion version)
    {
        if (ModelSignature != EncodeSignature(version.ModelSignature))
        {
            throw new FormatException($"Unknown file type: the model stream of loader '{LoaderSignature}' does not have the format " +
                $"'{version.ModelSignature}'.");
        }
        if (ModelReadable > ModelWritten)
        {
            throw new FormatException($"Corrupt file header: '{LoaderSignature}' version {ModelWritten:X8} says that version {ModelReadable:X8} is needed to read it.");
        }
        if (ModelReadable > version.Written)
        {
            throw new FormatException($"Component '{version.LoaderSignature}' of the model is too new: it needs version {ModelReadable:X8}, " +
                $"this library reads up to {version.Written:X8}.");
        }
        if (ModelWritten < version.OldestReadable)
        {
            throw new FormatException($"Component '{version.LoaderSignature}' of the model is too old: it has version {ModelWritten:X8}, " +
                $"this library reads from {version.OldestReadable:X8}.");
        }
    }

    public byte[] ToBytes()
    {
        var bytes = new byte[Size];
        var span = bytes.AsSpan();
        BinaryPrimitives.WriteUInt64LittleEndian(span, Signature);
        BinaryPrimitives.WriteUInt32LittleEndian(span[0x08..], ContainerVersion);
        BinaryPrimitives.WriteUInt32LittleEndian(span[0x0C..], ContainerVersion);
        BinaryPrimitives.WriteInt64LittleEndian(span[0x10..], Size);
        BinaryPrimitives.WriteInt64LittleEndian(span[0x18..], ModelSize);
        BinaryPrimitives.WriteInt64LittleEndian(span[0x20..], StringTablePosition);
        BinaryPrimitives.WriteInt64LittleEndian(span[0x28..], StringTableSize);
        BinaryPrimitives.WriteInt64LittleEndian(span[0x30..], StringCharsPosition);
        BinaryPrimitives.WriteInt64LittleEndian(span[0x38..], StringCharsSize);
        BinaryPrimitives.WriteUInt64LittleEndian(span[0x40..], ModelSignature);
        BinaryPrimitives.WriteUInt32LittleEndian(span[0x48..], ModelWritten);
        BinaryPrimitives.WriteUInt32LittleEndian(span[0x4C..], ModelReadable);
        Encoding.Latin1.GetBytes(LoaderSignature, span.Slice(0x50, LoaderSignatureLength));
        Encoding.Latin1.GetBytes(LoaderSignatureAlternate, span.Slice(0x68, LoaderSignatureLength));
        BinaryPrimitives.WriteInt64LittleEndian(span[0x80..], TailPosition);
        BinaryPrimitives.WriteInt64LittleEndian(span[0x88..], Limit);
        BinaryPrimitives.WriteInt64LittleEndian(span[0x90..], AssemblyNamePosition);
        BinaryPrimitives.WriteUInt32LittleEndian(span[0x98..], AssemblyNameSize);
        return bytes;
    }

    /// <summary>Reads a header and checks that its parts lie one behind the other within <paramref name="streamLength"/> bytes.</summary>
    public static ModelHeader Parse(ReadOnlySpan<byte> span, long streamLength)
    {
        Require(span.Length == Size && BinaryPrimitives.ReadUInt64LittleEndian(span) == Signature, "wrong file type");
        var written = BinaryPrimitives.ReadUInt32LittleEndian(span[0x08..]);
        var readable = BinaryPrimitives.ReadUInt32LittleEndian(span[0x0C..]);
        Require(readable <= written, "the container's versions contradict each other");
        Require(readable <= ContainerVersion, "the container is too new");
        Require(written >= OldestContainerVersion, "the container is too old");
        Require(BinaryPrimitives.ReadInt64LittleEndian(span[0x10..]) == Size, "the model block is not behind the header");
        var header = new ModelHeader
        {
            ContainerWritten = written,
            ModelSize = BinaryPrimitives.ReadInt64LittleEndian(span[0x18..]),
            StringTablePosition = BinaryPrimitives.ReadInt64LittleEndian(span[0x20..]),
            StringTableSize = BinaryPrimitives.ReadInt64LittleEndian(span[0x28..]),
            StringCharsPosition = BinaryPrimitives.ReadInt64LittleEndian(span[0x30..]),
            StringCharsSize = BinaryPrimitives.ReadInt64LittleEndian(span[0x38..]),
            ModelSignature = BinaryPrimitives.ReadUInt64LittleEndian(span[0x40..]),
            ModelWritten = BinaryPrimitives.ReadUInt32LittleEndian(span[0x48..]),
            ModelReadable = BinaryPrimitives.ReadUInt32LittleEndian(span[0x4C..]),
            LoaderSignature = Encoding.Latin1.GetString(span.Slice(0x50, LoaderSignatureLength)).TrimEnd('\0'),
            TailPosition = BinaryPrimitives.ReadInt64LittleEndian(span[0x80..]),
            Limit = BinaryPrimitives.ReadInt64LittleEndian(span[0x88..]),
            AssemblyNamePosition = BinaryPrimitives.ReadInt64LittleEndian(span[0x90..]),
            AssemblyNameSize = BinaryPrimitives.ReadUInt32LittleEndian(span[0x98..]),
        };
        header.CheckLayout(streamLength);
        return header;
    }

    private void CheckLayout(long streamLength)
    {
        // Every size is compared with the stream first, so that the sums below cannot overflow.
        Require(IsWithin(ModelSize, streamLength) && IsWithin(StringTableSize, streamLength) && IsWithin(StringCharsSize, streamLength)
            && AssemblyNameSize <= streamLength, "a part is larger than the stream");
        var position = Size + ModelSize;
        if (StringTablePosition == 0)
        {
            Require(StringTableSize == 0 && StringCharsPosition == 0 && StringCharsSize == 0, "string sizes without strings");
        }
        else
        {
            Require(StringTablePosition == position && StringTableSize > 0 && StringTableSize % sizeof(long) == 0, "bad string table");
            Require(StringCharsPosition == position + StringTableSize && StringCharsSize % sizeof(char) == 0, "bad string characters");
            position = StringCharsPosition + StringCharsSize;
        }
        if (ContainerWritten >= AssemblyNameVersion && AssemblyNamePosition != 0)
        {
            Require(AssemblyNamePosition == position && AssemblyNameSize % sizeof(char) == 0, "bad assembly name");
            position += AssemblyNameSize;
        }
        Require(TailPosition == position && Limit == position + sizeof(ulong) && Limit <= streamLength, "bad tail position");
    }

    private static bool IsWithin(long size, long streamLength) => size >= 0 && size <= streamLength;

    internal static void Require(bool condition, string problem)
    {
        if (!condition)
        {
            throw new FormatException($"Corrupt model stream: {problem}.");
        }
    }

    private static ulong EncodeSignature(string signature)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        bytes.Clear();
        Encoding.Latin1.GetBytes(signature.Replace(' ', '\0'), bytes);
        return BinaryPrimitives.ReadUInt64LittleEndian(bytes);
    }
}
