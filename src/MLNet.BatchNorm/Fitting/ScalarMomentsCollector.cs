using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
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
        getter(ref _block.NextRow()[0]);
        _block.Weigh(weight);
        if (_block.IsFull)
        {
            Flush();
        }
    }

    // Inlined into a pass, which runs once, it would never be compiled to the end.
    [MethodImpl(MethodImplOptions.NoInlining)]
    public override int AddRows(DataViewRowCursor cursor, int rowCount)
    {
        var block = _block;
        int row = 0;
        for (; row < rowCount && cursor.MoveNext(); row++)
        {
            getter(ref MemoryMarshal.GetReference(block.NextRow()));
            if (block.IsFull)
            {
                Flush();
            }
        }
        return row;
    }

    public override void Flush()
    {
        _block.MoveTo(Moments, Quantiles);
        CheckInfinity();
    }
}
