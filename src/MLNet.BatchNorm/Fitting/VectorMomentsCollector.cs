using System.Numerics;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.BatchNorm;

/// <summary>Collects a vector column, dense rows and sparse ones in any mixture.</summary>
internal sealed class VectorMomentsCollector<T>(FittedColumn column, InfinityPolicy infinity, ValueGetter<VBuffer<T>> getter)
    : MomentsCollector(column, infinity)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly RowBlock<T> _block = new(column.Layout.SlotCount);
    private VBuffer<T> _row;

    public override void AddRow(double weight)
    {
        getter(ref _row);
        if (_row.Length != Moments.FeatureCount)
        {
            throw SchemaErrors.WrongLength(ColumnName, Moments.FeatureCount, _row.Length);
        }
        if (!_row.IsDense)
        {
            // In the data's order, so that row numbers in errors are right.
            _block.MoveTo(Moments);
            Moments.AddSparse(_row.GetValues(), _row.GetIndices(), weight);
            CheckInfinity();
            return;
        }
        _row.GetValues().CopyTo(_block.NextRow(weight));
        if (_block.IsFull)
        {
            Flush();
        }
    }

    public override void Flush()
    {
        _block.MoveTo(Moments);
        CheckInfinity();
    }
}
