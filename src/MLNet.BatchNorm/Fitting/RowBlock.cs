using System.Numerics;

namespace MLNet.BatchNorm;

/// <summary>A matrix [rows, features] that is filled row by row and handed over whole, so that sums run over memory and not over calls.</summary>
internal sealed class RowBlock<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int RowsPerBlock = 256;

    /// <summary>Keeps a block of wide rows within a second-level cache.</summary>
    private const int ValuesPerBlock = 32 * 1024;

    private readonly int _featureCount;
    private readonly T[] _values;
    private readonly double[] _weights;
    private int _rowCount;
    private bool _isWeighted;

    public RowBlock(int featureCount)
    {
        _featureCount = featureCount;
        int rows = Math.Clamp(ValuesPerBlock / featureCount, 1, RowsPerBlock);
        _values = new T[rows * featureCount];
        _weights = new double[rows];
    }

    /// <summary>Makes room for one more row, which the caller fills. The block must not be full.</summary>
    public Span<T> NextRow(double weight)
    {
        _isWeighted |= weight != 1;
        _weights[_rowCount] = weight;
        return _values.AsSpan(_rowCount++ * _featureCount, _featureCount);
    }

    public bool IsFull => _rowCount == _weights.Length;

    /// <summary>Adds the rows to the moments and starts over.</summary>
    public void MoveTo(FeatureMoments moments)
    {
        moments.AddRows<T>(_values.AsSpan(0, _rowCount * _featureCount), _rowCount, _isWeighted ? _weights.AsSpan(0, _rowCount) : default);
        _rowCount = 0;
        _isWeighted = false;
    }
}
