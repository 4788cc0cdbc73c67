using System.Runtime.InteropServices;

namespace Microsoft.ML;

/// <summary>Arrays in model streams: a 32-bit count where <see cref="WriteInts"/> and <see cref="WriteSingles"/> write, then the items.</summary>
internal static class ModelFormat
{
    public static void WriteInts(this BinaryWriter writer, ReadOnlySpan<int> items)
    {
        writer.Write(items.Length);
        writer.WriteItems(items);
    }

    public static void WriteSingles(this BinaryWriter writer, ReadOnlySpan<float> items)
    {
        writer.Write(items.Length);
        writer.WriteItems(items);
    }

    /// <summary>Without a count.</summary>
    public static void WriteItems<T>(this BinaryWriter writer, ReadOnlySpan<T> items)
        where T : unmanaged => writer.Write(MemoryMarshal.AsBytes(items));

    public static int[] ReadInts(this BinaryReader reader) => reader.ReadItems<int>(reader.ReadInt32());

    public static float[] ReadSingles(this BinaryReader reader) => reader.ReadItems<float>(reader.ReadInt32());

    public static T[] ReadItems<T>(this BinaryReader reader, int count)
        where T : unmanaged
    {
        // Checked before allocating, so that a corrupt count cannot ask for gigabytes.
        var available = reader.BaseStream.Length - reader.BaseStream.Position;
        ModelHeader.Require(count >= 0 && count <= available / Marshal.SizeOf<T>(), $"an array of {count} items in {available} bytes");
        var items = new T[count];
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(items.AsSpan()));
        return items;
    }

    public static void RequireIncreasing(ReadOnlySpan<int> indices, int limit)
    {
        var previous = -1;
        foreach (var index in indices)
        {
            ModelHeader.Require(index > previous && index < limit, $"index {index} after {previous} of {limit}");
            previous = index;
        }
    }
}
