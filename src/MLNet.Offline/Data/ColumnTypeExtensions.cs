namespace Microsoft.ML.Data;

/// <summary>Questions about column types.</summary>
internal static class ColumnTypeExtensions
{
    public static DataViewType GetItemType(this DataViewType type) => (type as VectorDataViewType)?.ItemType ?? type;

    /// <summary>A vector's size, 0 for a vector of unknown size, and 0 for what is no vector.</summary>
    public static int GetVectorSize(this DataViewType type) => (type as VectorDataViewType)?.Size ?? 0;

    /// <summary>Slots per row: 1 for a scalar, 0 for a vector of unknown size.</summary>
    public static int GetValueCount(this DataViewType type) => (type as VectorDataViewType)?.Size ?? 1;

    /// <summary>A key type's cardinality, 0 for what is no key.</summary>
    public static ulong GetKeyCount(this DataViewType type) => (type as KeyDataViewType)?.Count ?? 0;

    /// <summary>The column type of a .NET type: numbers, bool, text, row id; an error for any other.</summary>
    public static PrimitiveDataViewType PrimitiveTypeFromType(Type type) => TryGetPrimitiveType(type) ?? throw new InvalidOperationException(
        $"No column type carries values of {type}: use a number type, bool, string or ReadOnlyMemory<char>.");

    public static PrimitiveDataViewType? TryGetPrimitiveType(Type type) => PrimitiveTypes.GetValueOrDefault(type);

    private static readonly Dictionary<Type, PrimitiveDataViewType> PrimitiveTypes = new()
    {
        [typeof(sbyte)] = NumberDataViewType.SByte,
        [typeof(byte)] = NumberDataViewType.Byte,
        [typeof(short)] = NumberDataViewType.Int16,
        [typeof(ushort)] = NumberDataViewType.UInt16,
        [typeof(int)] = NumberDataViewType.Int32,
        [typeof(uint)] = NumberDataViewType.UInt32,
        [typeof(long)] = NumberDataViewType.Int64,
        [typeof(ulong)] = NumberDataViewType.UInt64,
        [typeof(float)] = NumberDataViewType.Single,
        [typeof(double)] = NumberDataViewType.Double,
        [typeof(bool)] = BooleanDataViewType.Instance,
        [typeof(string)] = TextDataViewType.Instance,
        [typeof(ReadOnlyMemory<char>)] = TextDataViewType.Instance,
        [typeof(DataViewRowId)] = RowIdDataViewType.Instance,
    };
}
