using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace MLNet.BatchNorm;

/// <summary>The rows that one thread at a time adds to one part of a window. They wait in a block, to be summed several at a time.</summary>
internal sealed class MonitorBucket
{
    private const int BlockRows = 64;

    private readonly FittedColumn[] _empty;
    private readonly int _slotCount;
    private readonly double[] _block;
    private readonly FeatureMoments[] _moments;
    private readonly QuantilesCollector?[] _quantiles;
    private int _rowCount;

    /// <param name="empty">The columns without a row.</param>
    public MonitorBucket(FittedColumn[] empty)
    {
        _empty = empty;
        _slotCount = empty.Sum(column => column.Layout.SlotCount);
        _block = new double[BlockRows * _slotCount];
        _moments = Array.ConvertAll(empty, column => new FeatureMoments(column.Layout.SlotCount));
        _quantiles = Array.ConvertAll(empty, QuantilesCollector.Create);
    }

    /// <summary>Which part of the window it is; -1 for none yet.</summary>
    public long Number { get; private set; } = -1;

    /// <summary>Forgets its rows, and becomes another part.</summary>
    public void StartOver(long number)
    {
        Number = number;
        _rowCount = 0;
        Array.ForEach(_moments, moments => moments.Reset());
        for (int i = 0; i < _quantiles.Length; i++)
        {
            _quantiles[i] = QuantilesCollector.Create(_empty[i]);
        }
    }

    public void Add<T>(ReadOnlySpan<T> row)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Span<double> copy = _block.AsSpan(_rowCount * _slotCount, _slotCount);
        if (typeof(T) == typeof(double))
        {
            MemoryMarshal.Cast<T, double>(row).CopyTo(copy);
        }
        else
        {
            TensorPrimitives.ConvertTruncating(row, copy);
        }
        if (++_rowCount == BlockRows)
        {
            Flush();
        }
    }

    /// <summary>Adds its rows to those of the window, per column.</summary>
    public void MoveInto(FittedColumn[] window)
    {
        Flush();
        for (int i = 0; i < window.Length; i++)
        {
            window[i].Moments.Merge(window[i].Layout.Collapse(_moments[i]));
            if (_quantiles[i] is { } quantiles)
            {
                window[i].Quantiles!.Merge(quantiles.Quantiles);
            }
        }
    }

    private void Flush()
    {
        if (_moments is [var only])
        {
            only.AddRows<double>(_block.AsSpan(0, _rowCount * _slotCount), _rowCount);
            _quantiles[0]?.AddRows<double>(_block.AsSpan(0, _rowCount * _slotCount), _rowCount, default);
        }
        else
        {
            FlushColumns();
        }
        _rowCount = 0;
    }

    private void FlushColumns()
    {
        for (int row = 0; row < _rowCount; row++)
        {
            ReadOnlySpan<double> rest = _block.AsSpan(row * _slotCount, _slotCount);
            for (int i = 0; i < _moments.Length; i++)
            {
                int slots = _moments[i].FeatureCount;
                _moments[i].Add(rest[..slots]);
                _quantiles[i]?.AddRows(rest[..slots], 1, default);
                rest = rest[slots..];
            }
        }
    }
}
