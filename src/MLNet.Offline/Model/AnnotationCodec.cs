using System.Runtime.InteropServices;
using System.Text;
using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>Annotation values as ML.NET's binary data files hold them: a block with one value in the encoding of its type.</summary>
internal abstract class AnnotationCodec
{
    private static readonly Dictionary<Type, AnnotationCodec> Codecs = new()
    {
        [typeof(sbyte)] = new Numbers<sbyte>(),
        [typeof(byte)] = new Numbers<byte>(),
        [typeof(short)] = new Numbers<short>(),
        [typeof(ushort)] = new Numbers<ushort>(),
        [typeof(int)] = new Numbers<int>(),
        [typeof(uint)] = new Numbers<uint>(),
        [typeof(long)] = new Numbers<long>(),
        [typeof(ulong)] = new Numbers<ulong>(),
        [typeof(float)] = new Numbers<float>(),
        [typeof(double)] = new Numbers<double>(),
        [typeof(DataViewRowId)] = new Numbers<DataViewRowId>(),
        [typeof(bool)] = new Booleans(),
        [typeof(ReadOnlyMemory<char>)] = new Texts(),
    };

    public static AnnotationCodec For(DataViewType type) => Codecs[(type as VectorDataViewType)?.ItemType.RawType ?? type.RawType];

    public abstract void Write(BinaryWriter writer, DataViewSchema.Annotations annotations, DataViewSchema.Column column);

    public abstract void Read(BinaryReader reader, string kind, DataViewType type, DataViewSchema.Annotations.Builder builder);

    private abstract class Items<T> : AnnotationCodec
    {
        public override void Write(BinaryWriter writer, DataViewSchema.Annotations annotations, DataViewSchema.Column column)
        {
            if (column.Type is VectorDataViewType vectorType)
            {
                var vector = default(VBuffer<T>);
                annotations.GetValue(column.Name, ref vector);
                WriteVector(writer, vectorType, vector);
            }
            else
            {
                var value = default(T)!;
                annotations.GetValue(column.Name, ref value);
                WriteItems(writer, [value]);
            }
        }

        public override void Read(BinaryReader reader, string kind, DataViewType type, DataViewSchema.Annotations.Builder builder)
        {
            if (type is VectorDataViewType vectorType)
            {
                var vector = ReadVector(reader, vectorType);
                builder.Add(kind, type, (ref VBuffer<T> destination) => vector.CopyTo(ref destination));
            }
            else
            {
                var value = ReadItems(reader, 1)[0];
                builder.Add(kind, type, (ref T destination) => destination = value);
            }
        }

        protected abstract void WriteItems(BinaryWriter writer, ReadOnlySpan<T> items);

        protected abstract T[] ReadItems(BinaryReader reader, int count);

        // One vector: how many vectors, their length, [its length where that is 0], its number of indices or -1, all indices, the values.
        private void WriteVector(BinaryWriter writer, VectorDataViewType type, in VBuffer<T> vector)
        {
            writer.Write(1);
            writer.Write(vector.Length);
            if (type.Size == 0 && vector.Length == 0)
            {
                writer.Write(0);
            }
            writer.Write(vector.IsDense ? -1 : vector.GetIndices().Length);
            writer.Write(vector.GetIndices().Length);
            foreach (var index in vector.GetIndices())
            {
                writer.Write(index);
            }
            WriteItems(writer, vector.GetValues());
        }

        private VBuffer<T> ReadVector(BinaryReader reader, VectorDataViewType type)
        {
            ModelHeader.Require(reader.ReadInt32() == 1, "an annotation has not one value");
            var length = reader.ReadInt32();
            if (length == 0)
            {
                length = reader.ReadInt32();
            }
            ModelHeader.Require(length >= 0 && (type.Size == 0 || length == type.Size), $"an annotation has {length} values where its type has {type.Size}");
            var count = reader.ReadInt32();
            var indices = new int[RequireCount(reader, reader.ReadInt32(), sizeof(int))];
            for (var i = 0; i < indices.Length; i++)
            {
                indices[i] = reader.ReadInt32();
                ModelHeader.Require(indices[i] < length && indices[i] > (i == 0 ? -1 : indices[i - 1]), "bad vector indices");
            }
            ModelHeader.Require(count == -1 ? indices.Length == 0 : count == indices.Length && count < length, "bad number of vector indices");
            return count == -1
                ? new VBuffer<T>(length, ReadItems(reader, length))
                : new VBuffer<T>(length, count, ReadItems(reader, count), indices);
        }
    }

    private static int RequireCount(BinaryReader reader, int count, int bytesEach)
    {
        var left = reader.BaseStream.Length - reader.BaseStream.Position;
        ModelHeader.Require(count >= 0 && (long)count * bytesEach <= left, $"{count} values of {bytesEach} bytes where {left} bytes are left");
        return count;
    }

    private sealed class Numbers<T> : Items<T>
        where T : unmanaged
    {
        protected override void WriteItems(BinaryWriter writer, ReadOnlySpan<T> items) => writer.Write(MemoryMarshal.AsBytes(items));

        protected override T[] ReadItems(BinaryReader reader, int count)
        {
            var items = new T[RequireCount(reader, count, System.Runtime.CompilerServices.Unsafe.SizeOf<T>())];
            reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(items.AsSpan()));
            return items;
        }
    }

    private sealed class Booleans : Items<bool>
    {
        protected override void WriteItems(BinaryWriter writer, ReadOnlySpan<bool> items)
        {
            for (var start = 0; start < items.Length; start += 8)
            {
                var bits = 0;
                for (var i = start; i < Math.Min(start + 8, items.Length); i++)
                {
                    bits |= items[i] ? 1 << (i - start) : 0;
                }
                writer.Write((byte)bits);
            }
        }

        protected override bool[] ReadItems(BinaryReader reader, int count)
        {
            var bytes = reader.ReadBytes(RequireCount(reader, (int)(((long)count + 7) / 8), 1));
            var items = new bool[count];
            for (var i = 0; i < count; i++)
            {
                items[i] = (bytes[i / 8] >> (i % 8) & 1) != 0;
            }
            return items;
        }
    }

    // Texts: how many, where each ends in characters, and all characters as one string. A negative end is a missing text.
    private sealed class Texts : Items<ReadOnlyMemory<char>>
    {
        protected override void WriteItems(BinaryWriter writer, ReadOnlySpan<ReadOnlyMemory<char>> items)
        {
            var all = new StringBuilder();
            writer.Write(items.Length);
            foreach (var item in items)
            {
                all.Append(item);
                writer.Write(all.Length);
            }
            writer.Write(all.ToString());
        }

        protected override ReadOnlyMemory<char>[] ReadItems(BinaryReader reader, int count)
        {
            ModelHeader.Require(reader.ReadInt32() == RequireCount(reader, count, sizeof(int)), "bad number of texts");
            var ends = new int[count];
            for (var i = 0; i < count; i++)
            {
                ends[i] = reader.ReadInt32();
            }
            var all = reader.ReadString().AsMemory();
            var items = new ReadOnlyMemory<char>[count];
            var start = 0;
            for (var i = 0; i < count; i++)
            {
                var end = ends[i] & int.MaxValue;
                ModelHeader.Require(end >= start && end <= all.Length, "bad text boundaries");
                items[i] = ends[i] < 0 ? default : all[start..end];
                start = end;
            }
            return items;
        }
    }
}
