using System.Numerics;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.BatchNorm;

/// <summary>Reads columns of the row that a cursor stands on, widened to double.</summary>
internal static class MonitorRowReader
{
    public delegate void Reader(Span<double> values);

    public static (Reader Read, int SlotCount)[] Create(DataViewRow row, FittedColumn[] columns) =>
        Array.ConvertAll(columns, column => (column.Type.IsDouble ? Create<double>(row, column) : Create<float>(row, column), column.Layout.SlotCount));

    private static Reader Create<T>(DataViewRow row, FittedColumn column)
        where T : unmanaged, INumberBase<T>
    {
        var input = row.Schema[column.InputColumnName];
        if (!column.Type.IsVector)
        {
            var getScalar = row.GetGetter<T>(input);
            T value = default;
            return values =>
            {
                getScalar(ref value);
                values[0] = double.CreateTruncating(value);
            };
        }
        var getVector = row.GetGetter<VBuffer<T>>(input);
        var buffer = default(VBuffer<T>);
        return values =>
        {
            getVector(ref buffer);
            if (buffer.Length != values.Length)
            {
                throw SchemaErrors.WrongLength(column.InputColumnName, values.Length, buffer.Length);
            }
            values.Clear();
            var given = buffer.GetValues();
            var indices = buffer.GetIndices();
            for (int i = 0; i < given.Length; i++)
            {
                values[buffer.IsDense ? i : indices[i]] = double.CreateTruncating(given[i]);
            }
        };
    }
}
