using System.Numerics;

namespace Microsoft.ML.Data;

/// <summary>Tests of a row's column for missing values: NaN in numbers, 0 in keys, in any slot of a vector.</summary>
internal static class MissingValueTest
{
    /// <summary>False for types that have no missing value: whole numbers, booleans, text.</summary>
    public static bool Supports(DataViewType type) =>
        type.GetItemType() is KeyDataViewType || type.GetItemType().RawType == typeof(float) || type.GetItemType().RawType == typeof(double);

    /// <summary>A test that is true when the column's value at the current row, or any slot of it, is missing.</summary>
    public static Func<bool> Create(DataViewRow row, DataViewSchema.Column column)
    {
        var itemType = column.Type.GetItemType();
        var isKey = itemType is KeyDataViewType;
        return Type.GetTypeCode(itemType.RawType) switch
        {
            TypeCode.Single => Create<float>(row, column, isKey),
            TypeCode.Double => Create<double>(row, column, isKey),
            TypeCode.Byte => Create<byte>(row, column, isKey),
            TypeCode.UInt16 => Create<ushort>(row, column, isKey),
            TypeCode.UInt32 => Create<uint>(row, column, isKey),
            _ => Create<ulong>(row, column, isKey),
        };
    }

    private static Func<bool> Create<T>(DataViewRow row, DataViewSchema.Column column, bool isKey)
        where T : INumber<T>
    {
        if (column.Type is not VectorDataViewType)
        {
            var getScalar = row.GetGetter<T>(column);
            var scalar = T.Zero;
            return () =>
            {
                getScalar(ref scalar);
                return isKey ? T.IsZero(scalar) : T.IsNaN(scalar);
            };
        }

        var getVector = row.GetGetter<VBuffer<T>>(column);
        VBuffer<T> vector = default;
        return () =>
        {
            getVector(ref vector);
            if (isKey && !vector.IsDense)
            {
                return true;
            }

            foreach (var value in vector.GetValues())
            {
                if (isKey ? T.IsZero(value) : T.IsNaN(value))
                {
                    return true;
                }
            }

            return false;
        };
    }
}
