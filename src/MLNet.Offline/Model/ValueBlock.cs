using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Microsoft.ML;

/// <summary>Values of one type as ML.NET's binary data files hold them in a block.</summary>
internal abstract class ValueBlock<T>
{
    public static ValueBlock<T> Instance { get; } = Create();

    public abstract void Write(BinaryWriter writer, ReadOnlySpan<T> items);

    public abstract T[] Read(BinaryReader reader, int count);

    protected static int RequireCount(BinaryReader reader, int count, int bytesEach)
    {
        var left = reader.BaseStream.Length - reader.BaseStream.Position;
        ModelHeader.Require(count >= 0 && (long)count * bytesEach <= left, $"{count} values of {bytesEach} bytes where {left} bytes are left");
        return count;
    }

    private static ValueBlock<T> Create()
        => typeof(T) == typeof(ReadOnlyMemory<char>) ? (ValueBlock<T>)(object)new Texts()
            : typeof(T) == typeof(bool) ? (ValueBlock<T>)(object)new Booleans()
            : !RuntimeHelpers.IsReferenceOrContainsReferences<T>() ? new Numbers()
            : throw new NotSupportedException($"Values of {typeof(T)} cannot be saved in a model.");

    private sealed class Numbers : ValueBlock<T>
    {
        public override void Write(BinaryWriter writer, ReadOnlySpan<T> items) => writer.Write(AsBytes(items));

        public override T[] Read(BinaryReader reader, int count)
        {
            var items = new T[RequireCount(reader, count, Unsafe.SizeOf<T>())];
            reader.ReadBytes(count * Unsafe.SizeOf<T>()).CopyTo(AsBytes(items));
            return items;
        }

        private static Span<byte> AsBytes(ReadOnlySpan<T> items)
            => MemoryMarshal.CreateSpan(ref Unsafe.As<T, byte>(ref MemoryMarshal.GetReference(items)), items.Length * Unsafe.SizeOf<T>());
    }

    private sealed class Booleans : ValueBlock<bool>
    {
        public override void Write(BinaryWriter writer, ReadOnlySpan<bool> items)
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

        public override bool[] Read(BinaryReader reader, int count)
        {
            var bytes = reader.ReadBytes(RequireCount(reader, (int)(((long)count + 7) / 8), 1));
            var items = new bool[count];
            for (var i = 0; i < count; i++)
            {
                items[i] = ((bytes[i / 8] >> (i % 8)) & 1) != 0;
            }
            return items;
        }
    }

    // How many, where each ends in characters, and all characters as one string. A negative end is a missing text.
    private sealed class Texts : ValueBlock<ReadOnlyMemory<char>>
    {
        public override void Write(BinaryWriter writer, ReadOnlySpan<ReadOnlyMemory<char>> items)
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

        public override ReadOnlyMemory<char>[] Read(BinaryReader reader, int count)
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
