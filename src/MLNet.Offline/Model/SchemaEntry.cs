using System.IO.Compression;
using System.Text;
using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>The input schema in a model zip: an ML.NET binary data file that has columns and annotations, and no rows.</summary>
internal static class SchemaEntry
{
    public const string Name = "Schema";

    private const int HeaderSize = 256;
    private const ulong Signature = 0x00425644004C4D43; // "CML DVB"
    private const ulong TailSignature = 0x434D4C0044564200;
    private const ulong Version = 0x0001000100010006;
    private const ulong OldestVersion = 0x0001000100010004;
    private const byte Uncompressed = 0;
    private const byte Deflated = 1;

    public static void Write(Stream stream, DataViewSchema schema)
    {
        var columns = schema.Where(column => SchemaTypeCodec.CanWrite(column.Type)).ToArray();
        if (columns.Length == 0)
        {
            throw new InvalidOperationException("No valid columns to save: the input schema is empty, or no column has a type that can be saved.");
        }
        using var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true);
        writer.Write(new byte[HeaderSize]);
        var annotations = Array.ConvertAll(columns, column => WriteAnnotations(writer, column.Annotations));
        var contents = stream.Position;
        for (var i = 0; i < columns.Length; i++)
        {
            writer.Write(columns[i].Name);
            SchemaTypeCodec.Write(writer, columns[i].Type);
            writer.Write(Deflated);
            writer.Write7BitEncodedInt64(1); // rows per block
            writer.Write((long)HeaderSize); // where the list of blocks would be
            writer.Write(annotations[i]);
        }
        var tail = stream.Position;
        writer.Write(TailSignature);
        stream.Position = 0;
        writer.Write(Signature);
        writer.Write(Version);
        writer.Write(Version);
        writer.Write(contents);
        writer.Write(tail);
        writer.Write(0L); // rows
        writer.Write(columns.Length);
    }

    public static DataViewSchema Read(Stream stream)
    {
        using var reader = new BinaryReader(stream, Encoding.UTF8, leaveOpen: true);
        ModelHeader.Require(stream.Length > HeaderSize && reader.ReadUInt64() == Signature, "the schema is no binary data file");
        var written = reader.ReadUInt64();
        var compatible = reader.ReadUInt64();
        ModelHeader.Require(compatible <= written && compatible is >= OldestVersion and <= Version, $"the schema's version {compatible:X} cannot be read");
        var contents = reader.ReadInt64();
        var tail = reader.ReadInt64();
        ModelHeader.Require(contents >= HeaderSize && contents <= tail && tail <= stream.Length - sizeof(ulong), "bad positions in the schema");
        stream.Position = tail;
        ModelHeader.Require(reader.ReadUInt64() == TailSignature, "wrong tail of the schema");
        stream.Position = 48;
        var count = reader.ReadInt32();
        stream.Position = contents;
        var builder = new DataViewSchema.Builder();
        for (var i = 0; i < count; i++)
        {
            var name = reader.ReadString();
            var type = SchemaTypeCodec.ReadOrNull(reader);
            var compression = reader.ReadByte();
            reader.Read7BitEncodedInt64();
            reader.ReadInt64();
            var annotations = reader.ReadInt64();
            // Like the real library, leaves out columns of a type or compression that it does not know.
            if (type != null && compression <= Deflated)
            {
                builder.AddColumn(name, type, annotations == 0 ? null : ReadAnnotations(reader, annotations, tail));
            }
        }
        return builder.ToSchema();
    }

    /// <summary>Writes a column's annotations and their table; gives the table's position, or 0 for none.</summary>
    private static long WriteAnnotations(BinaryWriter writer, DataViewSchema.Annotations annotations)
    {
        var stream = writer.BaseStream;
        var written = new List<(DataViewSchema.Column Column, byte Compression, long Position, long Size)>();
        foreach (var column in annotations.Schema.Where(column => SchemaTypeCodec.CanWrite(column.Type)))
        {
            var position = stream.Position;
            using var plain = new MemoryStream();
            using (var plainWriter = new BinaryWriter(plain, Encoding.UTF8, leaveOpen: true))
            {
                AnnotationCodec.Write(plainWriter, annotations, column);
            }
            using var deflated = new MemoryStream();
            using (var deflate = new DeflateStream(deflated, CompressionMode.Compress, leaveOpen: true))
            {
                plain.WriteTo(deflate);
            }
            var isSmaller = deflated.Length < plain.Length;
            (isSmaller ? deflated : plain).WriteTo(stream);
            written.Add((column, isSmaller ? Deflated : Uncompressed, position, stream.Position - position));
        }
        if (written.Count == 0)
        {
            return 0;
        }
        var table = stream.Position;
        writer.Write7BitEncodedInt64(written.Count);
        foreach (var (column, compression, position, size) in written)
        {
            writer.Write(column.Name);
            SchemaTypeCodec.Write(writer, column.Type);
            writer.Write(compression);
            writer.Write(position);
            writer.Write7BitEncodedInt64(size);
        }
        return table;
    }

    private static DataViewSchema.Annotations ReadAnnotations(BinaryReader reader, long table, long tail)
    {
        var stream = reader.BaseStream;
        var next = stream.Position;
        ModelHeader.Require(table >= HeaderSize && table < tail, "bad position of annotations in the schema");
        stream.Position = table;
        var count = reader.Read7BitEncodedInt64();
        var builder = new DataViewSchema.Annotations.Builder();
        for (var i = 0L; i < count; i++)
        {
            var kind = reader.ReadString();
            var type = SchemaTypeCodec.ReadOrNull(reader);
            var compression = reader.ReadByte();
            var position = reader.ReadInt64();
            var size = reader.Read7BitEncodedInt64();
            ModelHeader.Require(position >= HeaderSize && size > 0 && position <= tail && size <= tail - position, $"bad position of the annotation '{kind}'");
            if (type != null && compression <= Deflated)
            {
                var behind = stream.Position;
                stream.Position = position;
                ReadAnnotation(reader.ReadBytes((int)size), compression, kind, type, builder);
                stream.Position = behind;
            }
        }
        stream.Position = next;
        return builder.ToAnnotations();
    }

    private static void ReadAnnotation(byte[] block, byte compression, string kind, DataViewType type, DataViewSchema.Annotations.Builder builder)
    {
        var content = new MemoryStream(block);
        if (compression == Deflated)
        {
            using var inflate = new DeflateStream(content, CompressionMode.Decompress);
            content = new MemoryStream();
            inflate.CopyTo(content);
            content.Position = 0;
        }
        using var reader = new BinaryReader(content, Encoding.UTF8);
        AnnotationCodec.Read(reader, kind, type, builder);
    }
}
