using System.Numerics;
using System.Runtime.CompilerServices;

namespace MLNet.BatchNorm;

/// <summary>A matrix [rows, features] of narrow rows that is filled row by row and handed over whole, so that sums run over memory and not over calls.</summary>
internal sealed class RowBlock<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Keeps a block within a first-level cache, beside the rows that the source reads; a multiple of the rows that fill a line.</summary>
    private const int MostRows = 512;

    private readonly int _featureCount;
    private readonly T[] _values;
    private readonly double[] _weights;
    private int _rowCount;
    private bool _isWeighted;

    public RowBlock(int featureCount)
    {
        _featureCount = featureCount;
        _values = new T[MostRows * featureCount];
        _weights = new double[MostRows];
        Array.Fill(_weights, 1);
    }

    public bool IsFull => _rowCount == MostRows;

    /// <summary>Makes room for one more row of weight 1, which the caller fills. The block must not be full.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Span<T> NextRow() => _values.AsSpan(_rowCount++ * _featureCount, _featureCount);

    /// <summary>Says what the row weighs that came last.</summary>
    public void Weigh(double weight)
    {
        _isWeighted |= weight != 1;
        _weights[_rowCount - 1] = weight;
    }

    /// <summary>Adds the rows to the moments, and to the quantiles where there are any, and starts over.</summary>
    public void MoveTo(FeatureMoments moments, QuantilesCollector? quantiles = null)
    {
        ReadOnlySpan<double> weights = _isWeighted ? _weights.AsSpan(0, _rowCount) : default;
        moments.AddRows<T>(_values.AsSpan(0, _rowCount * _featureCount), _rowCount, weights);
        quantiles?.AddRows<T>(_values.AsSpan(0, _rowCount * _featureCount), _rowCount, weights);
        if (_isWeighted)
        {
            Array.Fill(_weights, 1);
            _isWeighted = false;
        }

        _rowCount = 0;
    }
}
