using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>Annotation values as ML.NET's binary data files hold them: a block with one value, scalar or vector.</summary>
internal static class AnnotationCodec
{
    public static void Write(BinaryWriter writer, DataViewSchema.Annotations annotations, DataViewSchema.Column column)
        => RawTypeDispatch.Invoke(column.Type.GetItemType().RawType, new Writing(writer, annotations, column));

    public static void Read(BinaryReader reader, string kind, DataViewType type, DataViewSchema.Annotations.Builder builder)
        => RawTypeDispatch.Invoke(type.GetItemType().RawType, new Reading(reader, kind, type, builder));

    private sealed record Writing(BinaryWriter Writer, DataViewSchema.Annotations Annotations, DataViewSchema.Column Column) : IRawTypeFunction<bool>
    {
        public bool Invoke<TValue>()
        {
            if (Column.Type is VectorDataViewType type)
            {
                var vector = default(VBuffer<TValue>);
                Annotations.GetValue(Column.Name, ref vector);
                WriteVector(Writer, type, in vector);
            }
            else
            {
                var value = default(TValue)!;
                Annotations.GetValue(Column.Name, ref value);
                ValueBlock<TValue>.Instance.Write(Writer, [value]);
            }
            return true;
        }
    }

    private sealed record Reading(BinaryReader Reader, string Kind, DataViewType Type, DataViewSchema.Annotations.Builder Builder) : IRawTypeFunction<bool>
    {
        public bool Invoke<TValue>()
        {
            if (Type is VectorDataViewType type)
            {
                var vector = ReadVector<TValue>(Reader, type);
                Builder.Add(Kind, Type, (ref VBuffer<TValue> destination) => vector.CopyTo(ref destination));
            }
            else
            {
                var value = ValueBlock<TValue>.Instance.Read(Reader, 1)[0];
                Builder.Add(Kind, Type, (ref TValue destination) => destination = value);
            }
            return true;
        }
    }

    // One vector: how many vectors, their length, [its length where that is 0], its number of indices or -1, all indices, the values.
    private static void WriteVector<T>(BinaryWriter writer, VectorDataViewType type, in VBuffer<T> vector)
    {
        writer.Write(1);
        writer.Write(vector.Length);
        if (type.Size == 0 && vector.Length == 0)
        {
            writer.Write(0);
        }
        var indices = vector.GetIndices();
        writer.Write(vector.IsDense ? -1 : indices.Length);
        writer.Write(indices.Length);
        foreach (var index in indices)
        {
            writer.Write(index);
        }
        ValueBlock<T>.Instance.Write(writer, vector.GetValues());
    }

    private static VBuffer<T> ReadVector<T>(BinaryReader reader, VectorDataViewType type)
    {
        ModelHeader.Require(reader.ReadInt32() == 1, "an annotation has not one value");
        var length = reader.ReadInt32();
        if (length == 0)
        {
            length = reader.ReadInt32();
        }
        ModelHeader.Require(length >= 0 && (type.Size == 0 || length == type.Size), $"an annotation has {length} values where its type has {type.Size}");
        var count = reader.ReadInt32();
        var indices = ValueBlock<int>.Instance.Read(reader, reader.ReadInt32());
        for (var i = 0; i < indices.Length; i++)
        {
            ModelHeader.Require(indices[i] < length && indices[i] > (i == 0 ? -1 : indices[i - 1]), "bad vector indices");
        }
        ModelHeader.Require(count == -1 ? indices.Length == 0 : count == indices.Length && count < length, "bad number of vector indices");
        return count == -1
            ? new VBuffer<T>(length, ValueBlock<T>.Instance.Read(reader, length))
            : new VBuffer<T>(length, count, ValueBlock<T>.Instance.Read(reader, count), indices);
    }
}
