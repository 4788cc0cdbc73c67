using System.Numerics;
using System.Runtime.CompilerServices;

namespace MLNet.BatchNorm;

/// <summary>A matrix [rows, features] that is filled row by row and handed over whole, so that sums run over memory and not over calls.</summary>
internal sealed class RowBlock<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Keeps a block within a first-level cache, beside the rows that the source reads.</summary>
    private const int BytesPerBlock = 16 * 1024;

    private const int MostRows = 512;

    /// <summary>Wide rows: enough that the sums' loops are long, as far as a second-level cache goes.</summary>
    private const int LargeBlockBytes = 256 * 1024;

    private const int LongEnough = 32;

    private readonly int _featureCount;
    private readonly T[] _values;
    private readonly double[] _weights;
    private int _rowCount;
    private bool _isWeighted;

    public RowBlock(int featureCount)
    {
        _featureCount = featureCount;
        long rowBytes = (long)featureCount * Unsafe.SizeOf<T>();
        long rows = Math.Max(BytesPerBlock / rowBytes, Math.Min(LongEnough, LargeBlockBytes / rowBytes));
        int rowCount = (int)Math.Clamp(rows, 1, MostRows);
        _values = new T[rowCount * featureCount];
        _weights = new double[rowCount];
    }

    public bool IsFull => _rowCount == _weights.Length;

    /// <summary>Makes room for one more row, which the caller fills. The block must not be full.</summary>
    public Span<T> NextRow(double weight)
    {
        _isWeighted |= weight != 1;
        _weights[_rowCount] = weight;
        return _values.AsSpan(_rowCount++ * _featureCount, _featureCount);
    }

    /// <summary>Adds the rows to the moments and starts over.</summary>
    public void MoveTo(FeatureMoments moments)
    {
        moments.AddRows<T>(_values.AsSpan(0, _rowCount * _featureCount), _rowCount, _isWeighted ? _weights.AsSpan(0, _rowCount) : default);
        _rowCount = 0;
        _isWeighted = false;
    }
}
