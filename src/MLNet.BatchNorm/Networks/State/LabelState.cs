using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.BatchNorm.Persistence;

namespace MLNet.BatchNorm;

/// <summary>The label column in the statistics entry: its name, its type and, where it is a key, the values that name the classes.</summary>
internal static class LabelState
{
    // Their numbers, from 1, are part of the format: more may be added at the end.
    private static readonly ItemCodec[] Codecs =
    [
        new ItemCodec<ReadOnlyMemory<char>>(TextDataViewType.Instance, (writer, value) => writer.WriteString($"{value}"), reader => reader.ReadString().AsMemory()),
        new ItemCodec<bool>(BooleanDataViewType.Instance, (writer, value) => writer.WriteBoolean(value), reader => reader.ReadBoolean()),
        new ItemCodec<float>(NumberDataViewType.Single, (writer, value) => writer.WriteDouble(value), reader => (float)reader.ReadDouble()),
        new ItemCodec<double>(NumberDataViewType.Double, (writer, value) => writer.WriteDouble(value), reader => reader.ReadDouble()),
        new ItemCodec<sbyte>(NumberDataViewType.SByte, (writer, value) => writer.WriteInt64(value), reader => unchecked((sbyte)reader.ReadInt64())),
        new ItemCodec<byte>(NumberDataViewType.Byte, (writer, value) => writer.WriteInt64(value), reader => unchecked((byte)reader.ReadInt64())),
        new ItemCodec<short>(NumberDataViewType.Int16, (writer, value) => writer.WriteInt64(value), reader => unchecked((short)reader.ReadInt64())),
        new ItemCodec<ushort>(NumberDataViewType.UInt16, (writer, value) => writer.WriteInt64(value), reader => unchecked((ushort)reader.ReadInt64())),
        new ItemCodec<int>(NumberDataViewType.Int32, (writer, value) => writer.WriteInt64(value), reader => unchecked((int)reader.ReadInt64())),
        new ItemCodec<uint>(NumberDataViewType.UInt32, (writer, value) => writer.WriteInt64(value), reader => unchecked((uint)reader.ReadInt64())),
        new ItemCodec<long>(NumberDataViewType.Int64, (writer, value) => writer.WriteInt64(value), reader => reader.ReadInt64()),
        new ItemCodec<ulong>(NumberDataViewType.UInt64, (writer, value) => writer.WriteInt64(unchecked((long)value)), reader => unchecked((ulong)reader.ReadInt64())),
    ];

    private enum LabelKind
    {
        Boolean,
        Single,
        Double,
        Key,
    }

    // *** Binary format ***
    // string: name
    // enum: type, 0 Boolean, 1 Single, 2 Double, 3 key of UInt32; of a key
    //   int: number of classes
    //   int: item type of the values that name the classes: 0 if they have no names, 1 text, 2 Boolean, 3 Single, 4 Double,
    //     5 SByte, 6 Byte, 7 Int16, 8 UInt16, 9 Int32, 10 UInt32, 11 Int64, 12 UInt64
    //   if they have names, int: number of classes; for each a string, a flag, a double (Single, Double), or a long
    public static void Write(StatisticsWriter writer, DataViewSchema.Column label)
    {
        writer.WriteString(label.Name);
        if (label.Type is not KeyDataViewType key)
        {
            writer.WriteEnum(label.Type is BooleanDataViewType ? LabelKind.Boolean : label.Type.RawType == typeof(float) ? LabelKind.Single : LabelKind.Double);
            return;
        }
        writer.WriteEnum(LabelKind.Key);
        writer.WriteInt32(checked((int)key.Count));
        if (label.Annotations.Schema.GetColumnOrNull(AnnotationKinds.KeyValues) is not { Type: VectorDataViewType values } column || (ulong)values.Size != key.Count)
        {
            writer.WriteInt32(0);
            return;
        }
        int codec = Array.FindIndex(Codecs, candidate => candidate.Type.Equals(values.ItemType));
        if (codec < 0)
        {
            throw new NotSupportedException(
                $"Label column '{label.Name}': classes that are named by values of type {values.ItemType} cannot be saved. Make the key of text or numbers.");
        }
        writer.WriteInt32(codec + 1);
        Codecs[codec].Write(writer, label.Annotations, column);
    }

    /// <summary>The values that name a key's classes, in order; <see langword="null"/> where they have no names.</summary>
    public static object[]? ClassNames(DataViewSchema.Column label)
    {
        if (label.Type is not KeyDataViewType key
            || label.Annotations.Schema.GetColumnOrNull(AnnotationKinds.KeyValues) is not { Type: VectorDataViewType values } column
            || (ulong)values.Size != key.Count)
        {
            return null;
        }
        return Array.Find(Codecs, candidate => candidate.Type.Equals(values.ItemType))?.Values(label.Annotations, column);
    }

    /// <summary>The schema of the label column alone.</summary>
    public static DataViewSchema Read(StatisticsReader reader)
    {
        string name = reader.ReadString();
        var builder = new DataViewSchema.Builder();
        switch (reader.ReadEnum<LabelKind>())
        {
            case LabelKind.Boolean:
                builder.AddColumn(name, BooleanDataViewType.Instance);
                break;
            case LabelKind.Single:
                builder.AddColumn(name, NumberDataViewType.Single);
                break;
            case LabelKind.Double:
                builder.AddColumn(name, NumberDataViewType.Double);
                break;
            default:
                int count = reader.ReadInt32();
                if (count < 1)
                {
                    throw reader.Damaged($"label column '{name}' claims {count} classes");
                }
                builder.AddColumn(name, new KeyDataViewType(typeof(uint), count), ReadNames(reader, count));
                break;
        }
        return builder.ToSchema();
    }

    private static DataViewSchema.Annotations ReadNames(StatisticsReader reader, int count)
    {
        var annotations = new DataViewSchema.Annotations.Builder();
        int codec = reader.ReadInt32();
        if (codec < 0 || codec > Codecs.Length)
        {
            throw reader.Damaged($"classes are named by values of an unknown type {codec}");
        }
        if (codec > 0)
        {
            Codecs[codec - 1].Read(reader, count, annotations);
        }
        return annotations.ToAnnotations();
    }

    /// <summary>Values of one type that name classes.</summary>
    private abstract class ItemCodec(PrimitiveDataViewType type)
    {
        public PrimitiveDataViewType Type => type;

        public abstract void Write(StatisticsWriter writer, DataViewSchema.Annotations annotations, DataViewSchema.Column column);

        public abstract void Read(StatisticsReader reader, int count, DataViewSchema.Annotations.Builder annotations);

        /// <summary>The values; text as strings, which compare by what they hold.</summary>
        public abstract object[] Values(DataViewSchema.Annotations annotations, DataViewSchema.Column column);
    }

    private sealed class ItemCodec<T>(PrimitiveDataViewType type, Action<StatisticsWriter, T> write, Func<StatisticsReader, T> read) : ItemCodec(type)
    {
        public override void Write(StatisticsWriter writer, DataViewSchema.Annotations annotations, DataViewSchema.Column column)
        {
            var values = default(VBuffer<T>);
            annotations.GetGetter<VBuffer<T>>(column)(ref values);
            writer.WriteInt32(values.Length);
            foreach (T value in values.DenseValues())
            {
                write(writer, value);
            }
        }

        public override object[] Values(DataViewSchema.Annotations annotations, DataViewSchema.Column column)
        {
            var values = default(VBuffer<T>);
            annotations.GetGetter<VBuffer<T>>(column)(ref values);
            return [.. values.DenseValues().Select(value => value is ReadOnlyMemory<char> text ? text.ToString() : (object)value!)];
        }

        public override void Read(StatisticsReader reader, int count, DataViewSchema.Annotations.Builder annotations)
        {
            // A flag is the smallest of the items.
            int found = reader.ReadCount(1);
            if (found != count)
            {
                throw reader.Damaged($"{count} classes have {found} names");
            }
            var values = new List<T>();
            while (values.Count < count)
            {
                values.Add(read(reader));
            }
            var names = new VBuffer<T>(count, [.. values]);
            annotations.Add(AnnotationKinds.KeyValues, new VectorDataViewType(Type, count), (ref VBuffer<T> target) => names.CopyTo(ref target));
        }
    }
}
