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
        if (_row.Length != _slotCount)
        {
            throw SchemaErrors.WrongLength(ColumnName, _slotCount, _row.Length);
        }
        if (!_row.IsDense)
        {
            // In the data's order, so that row numbers in errors are right.
            _block?.MoveTo(Moments);
            Moments.AddSparse(_row.GetValues(), _row.GetIndices(), weight);
            CheckInfinity();
            return;
        }
        _block ??= new RowBlock<T>(Moments.FeatureCount);
        _row.GetValues().CopyTo(_block.NextRow(weight));
        if (_block.IsFull)
        {
            Flush();
        }
    }

    public override void Flush()
    {
        _block?.MoveTo(Moments);
        CheckInfinity();
    }
}
