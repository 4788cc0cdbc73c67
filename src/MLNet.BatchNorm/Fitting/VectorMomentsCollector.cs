using System.Numerics;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.BatchNorm;

/// <summary>Collects a vector column, dense rows and sparse ones in any mixture.</summary>
internal sealed class VectorMomentsCollector<T>(FittedColumn column, InfinityPolicy infinity, ValueGetter<VBuffer<T>> getter)
    : MomentsCollector(column, infinity)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly int _slotCount = column.Layout.SlotCount;

    // Made for the first dense row: where all rows are sparse, a matrix would be large for nothing.
    private RowBlock<T>? _block;
    private VBuffer<T> _row;

    public override void AddRow(double weight)
    {
        getter(ref _row);
        Add(in _row, weight);
    }

    public override int AddRows(DataViewRowCursor cursor, int rowCount)
    {
        // On the stack: writing a buffer to the heap costs more than copying its values.
        var buffer = _row;
        int row = 0;
        for (; row < rowCount && cursor.MoveNext(); row++)
        {
            getter(ref buffer);
            Add(in buffer, 1);
        }
        _row = buffer;
        return row;
    }

    public override void Flush()
    {
        _block?.MoveTo(Moments);
        CheckInfinity();
    }

    private void Add(in VBuffer<T> row, double weight)
    {
        if (row.Length != _slotCount)
        {
            throw SchemaErrors.WrongLength(ColumnName, _slotCount, row.Length);
        }
        if (!row.IsDense)
        {
            // In the data's order, so that row numbers in errors are right.
            _block?.MoveTo(Moments);
            Moments.AddSparse(row.GetValues(), row.GetIndices(), weight);
            CheckInfinity();
            return;
        }
        _block ??= new RowBlock<T>(_slotCount);
        row.GetValues().CopyTo(_block.NextRow(weight));
        if (_block.IsFull)
        {
            Flush();
        }
    }
}
