using System.Numerics;
using Microsoft.ML;

namespace MLNet.BatchNorm;

/// <summary>Collects a scalar column.</summary>
internal sealed class ScalarMomentsCollector<T>(FittedColumn column, InfinityPolicy infinity, ValueGetter<T> getter)
    : MomentsCollector(column, infinity)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly RowBlock<T> _block = new(1);

    public override void AddRow(double weight)
    {
        getter(ref _block.NextRow(weight)[0]);
        if (_block.IsFull)
        {
            Flush();
        }
    }

    public override int AddRows(DataViewRowCursor cursor, int rowCount)
    {
        int row = 0;
        for (; row < rowCount && cursor.MoveNext(); row++)
        {
            getter(ref _block.NextRow(1)[0]);
            if (_block.IsFull)
            {
                Flush();
            }
        }
        return row;
    }

    public override void Flush()
    {
        _block.MoveTo(Moments);
        CheckInfinity();
    }
}
