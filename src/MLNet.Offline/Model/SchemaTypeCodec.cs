using System.Text;
using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>Column types as ML.NET's binary data files describe them: a name, the length of the parameters, the parameters.</summary>
internal static class SchemaTypeCodec
{
    private static readonly Dictionary<string, PrimitiveDataViewType> SimpleTypes = new(StringComparer.Ordinal)
    {
        ["SByte"] = NumberDataViewType.SByte,
        ["Byte"] = NumberDataViewType.Byte,
        ["Int16"] = NumberDataViewType.Int16,
        ["UInt16"] = NumberDataViewType.UInt16,
        ["Int32"] = NumberDataViewType.Int32,
        ["UInt32"] = NumberDataViewType.UInt32,
        ["Int64"] = NumberDataViewType.Int64,
        ["UInt64"] = NumberDataViewType.UInt64,
        ["Single"] = NumberDataViewType.Single,
        ["Double"] = NumberDataViewType.Double,
        ["Boolean"] = BooleanDataViewType.Instance,
        ["TextSpan"] = TextDataViewType.Instance,
        ["DataViewRowId"] = RowIdDataViewType.Instance,
    };

    private static readonly Dictionary<DataViewType, string> SimpleNames = SimpleTypes.ToDictionary(pair => (DataViewType)pair.Value, pair => pair.Key);

    public static bool CanWrite(DataViewType type) => type switch
    {
        VectorDataViewType vector => CanWrite(vector.ItemType),
        KeyDataViewType => true,
        _ => SimpleNames.ContainsKey(type),
    };

    public static void Write(BinaryWriter writer, DataViewType type)
    {
        using var parameters = new MemoryStream();
        using (var inner = new BinaryWriter(parameters, Encoding.UTF8, leaveOpen: true))
        {
            writer.Write(WriteParameters(inner, type));
        }
        writer.Write7BitEncodedInt64(parameters.Length);
        writer.Write(parameters.ToArray());
    }

    /// <summary>Reads a type; null for one that this implementation does not have. The reader is behind it either way.</summary>
    public static DataViewType? ReadOrNull(BinaryReader reader)
    {
        var name = reader.ReadString();
        var size = reader.Read7BitEncodedInt64();
        var left = reader.BaseStream.Length - reader.BaseStream.Position;
        ModelHeader.Require(size >= 0 && size <= left, $"the type '{name}' has {size} bytes of parameters where {left} are left");
        using var parameters = new BinaryReader(new MemoryStream(reader.ReadBytes((int)size)), Encoding.UTF8);
        var type = ReadParameters(name, parameters);
        ModelHeader.Require(type == null || parameters.BaseStream.Position == size, $"the parameters of the type '{name}' are too long");
        return type;
    }

    private static string WriteParameters(BinaryWriter writer, DataViewType type)
    {
        switch (type)
        {
            case VectorDataViewType vector:
                Write(writer, vector.ItemType);
                writer.Write(vector.Dimensions.Length);
                foreach (var dimension in vector.Dimensions)
                {
                    writer.Write(dimension);
                }
                return "VBuffer";
            case KeyDataViewType key:
                Write(writer, SimpleTypes[key.RawType.Name]);
                writer.Write(key.Count);
                return "Key2";
            default:
                return SimpleNames[type];
        }
    }

    private static DataViewType? ReadParameters(string name, BinaryReader reader)
    {
        if (SimpleTypes.TryGetValue(name, out var simple))
        {
            return simple;
        }
        if (name is not ("VBuffer" or "Key2") || ReadOrNull(reader) is not PrimitiveDataViewType item)
        {
            return null;
        }
        if (name == "Key2")
        {
            return new KeyDataViewType(item.RawType, reader.ReadUInt64());
        }
        var rank = reader.ReadInt32();
        ModelHeader.Require(rank >= 0 && rank <= reader.BaseStream.Length / sizeof(int), $"a vector type with {rank} dimensions");
        var dimensions = new int[rank];
        for (var i = 0; i < rank; i++)
        {
            dimensions[i] = reader.ReadInt32();
        }
        return rank == 0 ? new VectorDataViewType(item) : new VectorDataViewType(item, dimensions);
    }
}
