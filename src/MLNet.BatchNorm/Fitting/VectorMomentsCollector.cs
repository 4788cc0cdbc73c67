using System.Numerics;
using System.Runtime.CompilerServices;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.BatchNorm;

/// <summary>Collects a vector column, dense rows and sparse ones in any mixture.</summary>
internal sealed class VectorMomentsCollector<T>(FittedColumn column, InfinityPolicy infinity, ValueGetter<VBuffer<T>> getter)
    : MomentsCollector(column, infinity)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly int _slotCount = column.Layout.SlotCount;
    private readonly RowArrays<T> _rows = new(column.Layout.SlotCount);
    private VBuffer<T> _buffer;

    public override void AddRow(double weight)
    {
        getter(ref _buffer);
        Add(ref _buffer, weight);
    }

    // Inlined into a pass, which runs once, it would never be compiled to the end.
    [MethodImpl(MethodImplOptions.NoInlining)]
    public override int AddRows(DataViewRowCursor cursor, int rowCount)
    {
        // On the stack: writing a buffer to the heap costs more than reading its values.
        var buffer = _buffer;
        var rows = _rows;
        int row = 0;
        for (; row < rowCount && cursor.MoveNext(); row++)
        {
            getter(ref buffer);
            if (!rows.TryTake(ref buffer))
            {
                Add(ref buffer, 1);
            }
            else if (rows.IsFull)
            {
                Flush();
            }
        }

        _buffer = buffer;
        return row;
    }

    public override void Flush()
    {
        _rows.MoveTo(Moments, Quantiles);
        CheckInfinity();
    }

    private void Add(ref VBuffer<T> row, double weight)
    {
        if (row.Length != _slotCount)
        {
            throw SchemaErrors.WrongLength(ColumnName, _slotCount, row.Length);
        }

        if (!row.IsDense)
        {
            // In the data's order, so that row numbers in errors are right.
            _rows.MoveTo(Moments, Quantiles);
            Moments.AddSparse(row.GetValues(), row.GetIndices(), weight);
            Quantiles?.AddSparse(row.GetValues(), row.GetIndices(), weight);
            CheckInfinity();
            if (!_rows.LeavesBuffer)
            {
                _rows.LeavesBuffer = true;
                row = default;
            }

            return;
        }

        _rows.Take(ref row, weight);
        if (_rows.IsFull)
        {
            Flush();
        }
    }
}
