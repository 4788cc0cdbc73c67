using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.ML.Data;

namespace MLNet.BatchNorm;

/// <summary>
/// Dense rows, each in an array of its own that the source is given to write to: nothing is copied between the source and the sums.
/// Where the source hands over another array, the row is copied.
/// </summary>
internal sealed class RowArrays<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Rows that are summed together: enough that sums stay in registers for long.</summary>
    private const int MostRows = 64;

    /// <summary>Wide rows: as many as a second-level cache holds beside the sums.</summary>
    private const int MostBytes = 512 * 1024;

    private readonly T[][] _rows;
    private readonly double[] _weights;
    private readonly int _featureCount;
    private int _count;
    private bool _isWeighted;

    public RowArrays(int featureCount)
    {
        _featureCount = featureCount;
        long rowBytes = (long)featureCount * Unsafe.SizeOf<T>();
        int rowCount = (int)Math.Clamp(MostBytes / rowBytes, 1, MostRows);
        // Made when a dense row comes: where all rows are sparse, they would be large for nothing.
        _rows = new T[rowCount][];
        Array.Fill(_rows, []);
        _weights = new double[rowCount];
        Array.Fill(_weights, 1);
    }

    public bool IsFull
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _count == _rows.Length;
    }

    /// <summary>
    /// Whether sparse rows are among the dense ones: the source then keeps its buffer, indices and all, and dense rows are copied out of it.
    /// </summary>
    public bool LeavesBuffer { get; set; }

    /// <summary>Takes in a dense row of weight 1 if the source has written it in place, and gives the source the next array.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryTake(ref VBuffer<T> buffer)
    {
        if (buffer.Length != _featureCount || !buffer.IsDense || !IsInPlace(buffer.GetValues()))
        {
            return false;
        }

        _count++;
        GiveNext(ref buffer);
        return true;
    }

    /// <summary>Takes in a dense row wherever it is.</summary>
    public void Take(ref VBuffer<T> buffer, double weight)
    {
        if (_rows[0].Length == 0)
        {
            for (int i = 0; i < _rows.Length; i++)
            {
                _rows[i] = new T[_featureCount];
            }
        }

        if (!IsInPlace(buffer.GetValues()))
        {
            buffer.GetValues().CopyTo(_rows[_count]);
        }

        _weights[_count++] = weight;
        _isWeighted |= weight != 1;
        if (!LeavesBuffer)
        {
            GiveNext(ref buffer);
        }
    }

    /// <summary>Adds the rows to the moments, and to the quantiles where there are any, and starts over.</summary>
    public void MoveTo(FeatureMoments moments, QuantilesCollector? quantiles = null)
    {
        ReadOnlySpan<double> weights = _isWeighted ? _weights.AsSpan(0, _count) : default;
        moments.AddRows<T>(_rows.AsSpan(0, _count), weights);
        quantiles?.AddRows<T>(_rows.AsSpan(0, _count), weights);
        if (_isWeighted)
        {
            Array.Fill(_weights, 1);
            _isWeighted = false;
        }

        _count = 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool IsInPlace(ReadOnlySpan<T> values) => Unsafe.AreSame(
        ref MemoryMarshal.GetReference(values), ref MemoryMarshal.GetArrayDataReference(Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_rows), _count)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void GiveNext(ref VBuffer<T> buffer)
    {
        // A full block is moved before the source writes again.
        int next = _count == _rows.Length ? 0 : _count;
        buffer = new VBuffer<T>(_featureCount, _rows[next]);
    }
}
