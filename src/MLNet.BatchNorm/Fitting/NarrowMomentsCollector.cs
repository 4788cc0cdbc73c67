using System.Numerics;
using System.Runtime.CompilerServices;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.BatchNorm;

/// <summary>Collects a vector column of less than eight slots, whose rows are copied together, to be summed several at a time.</summary>
internal sealed class NarrowMomentsCollector<T>(FittedColumn column, InfinityPolicy infinity, ValueGetter<VBuffer<T>> getter)
    : MomentsCollector(column, infinity)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly int _slotCount = column.Layout.SlotCount;

    private readonly RowBlock<T> _block = new(column.Layout.SlotCount);
    private VBuffer<T> _row;

    public override void AddRow(double weight)
    {
        getter(ref _row);
        Add(in _row, weight);
    }

    // Inlined into a pass, which runs once, it would never be compiled to the end.
    [MethodImpl(MethodImplOptions.NoInlining)]
    public override int AddRows(DataViewRowCursor cursor, int rowCount)
    {
        // On the stack: writing a buffer to the heap costs more than copying its values.
        var buffer = _row;
        var block = _block;
        int slotCount = _slotCount;
        int row = 0;
        for (; row < rowCount && cursor.MoveNext(); row++)
        {
            getter(ref buffer);
            if (buffer.Length != slotCount || !buffer.IsDense)
            {
                Add(in buffer, 1);
                continue;
            }

            // So few values that a call to copy them would take longer.
            var values = buffer.GetValues();
            var copy = block.NextRow();
            for (int slot = 0; slot < copy.Length; slot++)
            {
                copy[slot] = values[slot];
            }

            if (block.IsFull)
            {
                Flush();
            }
        }
        _row = buffer;
        return row;
    }

    public override void Flush()
    {
        _block.MoveTo(Moments, Quantiles);
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
            _block.MoveTo(Moments, Quantiles);
            Moments.AddSparse(row.GetValues(), row.GetIndices(), weight);
            Quantiles?.AddSparse(row.GetValues(), row.GetIndices(), weight);
            CheckInfinity();
            return;
        }

        row.GetValues().CopyTo(_block.NextRow());
        _block.Weigh(weight);
        if (_block.IsFull)
        {
            Flush();
        }
    }
}
