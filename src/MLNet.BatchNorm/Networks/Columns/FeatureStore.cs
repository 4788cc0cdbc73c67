using System.Numerics;
using Microsoft.ML.Data;

namespace MLNet.BatchNorm;

/// <summary>
/// Takes the features of row after row into memory: sparse, as one-hot encoded categories come, while few of them are not zero; dense otherwise.
/// </summary>
/// <param name="featureCount">Numbers of a row.</param>
/// <param name="claimedRowCount">How many rows the view says that it has, if it says so.</param>
internal sealed class FeatureStore(int featureCount, long? claimedRowCount)
{
    // Up to this share of nonzero numbers the sparse product is the faster one, and its memory, twice as much per number, the smaller.
    private const double LargestSparseShare = 1.0 / 8;

    private const int FirstCapacity = 256;

    // Four megabytes of features. How many rows a view says it has is believed up to here; beyond, memory grows with the rows that come.
    private const int MostValuesAtFirst = 1 << 20;

    private float[] _dense = [];
    private SparseRows? _sparse;
    private int _rowCount;

    /// <summary>Adds a row.</summary>
    /// <exception cref="InvalidOperationException">There are more rows than an array holds.</exception>
    public void Add(in VBuffer<float> row)
    {
        ReadOnlySpan<float> values = row.GetValues();
        if (_rowCount == 0 && !row.IsDense && values.Length <= LargestSparseShare * featureCount)
        {
            _sparse = new SparseRows(featureCount);
        }
        if (_sparse is not null)
        {
            _sparse.Add(values, row.IsDense ? default : row.GetIndices());
            _rowCount++;
            // Seldom enough to cost nothing, often enough that memory stays below three times that of dense rows.
            if (BitOperations.IsPow2(_rowCount))
            {
                KeepSparseIfThin();
            }
            return;
        }
        if (_dense.Length < (_rowCount + 1L) * featureCount)
        {
            Grow();
        }
        row.CopyTo(_dense.AsSpan(_rowCount * featureCount, featureCount));
        _rowCount++;
    }

    /// <summary>All rows, with what belongs to them.</summary>
    public NetworkData ToData(float[] targets, float[]? weights)
    {
        KeepSparseIfThin();
        if (_sparse is not null)
        {
            return new NetworkData([], featureCount, targets, weights) { Sparse = _sparse };
        }
        Array.Resize(ref _dense, _rowCount * featureCount);
        return new NetworkData(_dense, featureCount, targets, weights);
    }

    private void KeepSparseIfThin()
    {
        if (_sparse is not null && _sparse.ValueCount > LargestSparseShare * _rowCount * featureCount)
        {
            CheckFits(_rowCount);
            _dense = _sparse.ToDense();
            _sparse = null;
        }
    }

    private void Grow()
    {
        CheckFits(_rowCount + 1);
        long capacity = _rowCount == 0
            ? Math.Clamp(claimedRowCount ?? FirstCapacity, 1, Math.Max(1, MostValuesAtFirst / featureCount))
            : Math.Min(2L * _rowCount, MostRows);
        if (claimedRowCount > _rowCount && claimedRowCount < capacity)
        {
            capacity = claimedRowCount.Value;
        }
        Array.Resize(ref _dense, (int)capacity * featureCount);
    }

    private int MostRows => Array.MaxLength / featureCount;

    private void CheckFits(int rowCount)
    {
        if (rowCount > MostRows)
        {
            throw new InvalidOperationException(
                $"The data have more than {MostRows} rows of {featureCount} features, more than fit in memory at once. Train on a sample, for example with TakeRows.");
        }
    }
}
