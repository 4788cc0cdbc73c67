using System.Numerics;
using System.Runtime.CompilerServices;

namespace MLNet.BatchNorm;

public sealed partial class FeatureMoments
{
    /// <summary>Adds one row.</summary>
    /// <typeparam name="T">Type of the values, float or double; they are widened to double.</typeparam>
    /// <param name="row">The values, [features].</param>
    /// <param name="weight">The row's weight.<value>1</value></param>
    /// <exception cref="ArgumentException"><paramref name="row"/> has another length than <see cref="FeatureCount"/>.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="weight"/> is negative, NaN or infinite.</exception>
    /// <exception cref="InvalidOperationException">There would be more than 2^53 rows.</exception>
    public void Add<T>(ReadOnlySpan<T> row, double weight = 1)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        RowChecks.Length(row.Length, 1, FeatureCount);
        RowChecks.Weight(weight, RowCount);
        CheckRowCount(1);
        AddTile(row, 1, weight == 1 ? default : new ReadOnlySpan<double>(in weight));
    }

    /// <summary>Adds many rows.</summary>
    /// <typeparam name="T">Type of the values, float or double; they are widened to double.</typeparam>
    /// <param name="rows">The values, [rows, features], row-major.</param>
    /// <param name="rowCount">Number of rows; 0 adds nothing.</param>
    /// <param name="weights">One weight per row, [rows]; empty for weight 1 each.</param>
    /// <exception cref="ArgumentException">
    /// <paramref name="rows"/> does not hold <paramref name="rowCount"/> times <see cref="FeatureCount"/> values, or
    /// <paramref name="weights"/> neither nothing nor <paramref name="rowCount"/> weights.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="rowCount"/> is negative, or a weight is negative, NaN or infinite; no row has been added then.
    /// </exception>
    /// <exception cref="InvalidOperationException">There would be more than 2^53 rows.</exception>
    public void AddRows<T>(ReadOnlySpan<T> rows, int rowCount, ReadOnlySpan<double> weights = default)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rowCount);
        RowChecks.Length(rows.Length, rowCount, FeatureCount);
        RowChecks.Weights(weights, rowCount, RowCount);
        CheckRowCount(rowCount);
        // Two tiles, the one that is summed and the next one, fit a first-level cache; of wide rows, enough that loops are long.
        int tileRows = Math.Max(64, 8 * 1024 / (Unsafe.SizeOf<T>() * _sums.LineLength)) * _sums.RowsPerLine;
        for (int row = 0; row < rowCount;)
        {
            int count = Math.Min(Math.Min(rowCount - row, tileRows), MomentSums.RowsPerBlock - _sums.BlockRows);
            AddTile(rows[(row * FeatureCount)..], count, weights.IsEmpty ? weights : weights.Slice(row, count));
            row += count;
        }
    }

    /// <summary>
    /// Adds one sparse row, all other features being zero, at a cost that depends on the number of given values only.
    /// </summary>
    /// <typeparam name="T">Type of the values, float or double; they are widened to double.</typeparam>
    /// <param name="values">The values that are given; zeros among them are allowed.</param>
    /// <param name="indices">Their features' indices, strictly increasing.</param>
    /// <param name="weight">The row's weight.<value>1</value></param>
    /// <exception cref="ArgumentException">
    /// <paramref name="values"/> and <paramref name="indices"/> differ in length, or the indices are not strictly increasing within
    /// 0 to <see cref="FeatureCount"/> - 1.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="weight"/> is negative, NaN or infinite.</exception>
    /// <exception cref="InvalidOperationException">There would be more than 2^53 rows.</exception>
    public void AddSparse<T>(ReadOnlySpan<T> values, ReadOnlySpan<int> indices, double weight = 1)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        RowChecks.Weight(weight, RowCount);
        RowChecks.Indices(indices, values.Length, FeatureCount);
        CheckRowCount(1);
        if (weight > 0)
        {
            _sparse ??= new SparseTally(FeatureCount);
            int firstInfinite = _sparse.Add(_sums, values, indices, weight);
            AddMagnifiedSparse(values, indices, weight);
            if (firstInfinite >= 0)
            {
                FirstInfinity ??= new ValueLocation(RowCount, firstInfinite);
            }
        }

        RowCount++;
        _snapshot = null;
    }

    /// <summary>Adds rows that each stand in an array of their own, [features] each; not for narrow rows, which are summed several at a time.</summary>
    internal void AddRows<T>(ReadOnlySpan<T[]> rows, ReadOnlySpan<double> weights)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        RowChecks.Weights(weights, rows.Length, RowCount);
        CheckRowCount(rows.Length);
        while (!rows.IsEmpty)
        {
            int count = Math.Min(rows.Length, MomentSums.RowsPerBlock - _sums.BlockRows);
            ReadOnlySpan<double> tileWeights = weights.IsEmpty ? weights : weights[..count];
            if (MomentKernels.AddLines<T, ArrayLines<T>>(_sums, new ArrayLines<T>(rows), count, tileWeights) && FirstInfinity is null)
            {
                FirstInfinity = FindInfinity(rows[..count], tileWeights);
            }

            EndTile(count);
            AddMagnified(rows[..count], tileWeights);
            rows = rows[count..];
            weights = weights.IsEmpty ? weights : weights[count..];
        }
    }

    /// <summary>Adds the first <paramref name="rowCount"/> rows; those that follow in memory may be fetched.</summary>
    private void AddTile<T>(ReadOnlySpan<T> rows, int rowCount, ReadOnlySpan<double> weights)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        bool infinite = MomentKernels.AddTile(_sums, rows, rowCount, weights);
        if (infinite && FirstInfinity is null)
        {
            int position = FindInfinity(rows[..(rowCount * FeatureCount)], weights);
            FirstInfinity = new ValueLocation(RowCount + (position / FeatureCount), position % FeatureCount);
        }

        EndTile(rowCount);
        AddMagnified(rows, rowCount, weights);
    }

    private void EndTile(int rowCount)
    {
        _sums.HasOpenBlock = true;
        _sums.BlockRows += rowCount;
        if (_sums.BlockRows == MomentSums.RowsPerBlock)
        {
            _sums.FoldAll();
        }

        RowCount += rowCount;
        _snapshot = null;
    }

    private ValueLocation FindInfinity<T>(ReadOnlySpan<T[]> rows, ReadOnlySpan<double> weights)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        for (int row = 0; row < rows.Length; row++)
        {
            int feature = weights.IsEmpty || weights[row] > 0 ? Array.FindIndex(rows[row], T.IsInfinity) : -1;
            if (feature >= 0)
            {
                return new ValueLocation(RowCount + row, feature);
            }
        }

        throw MissingInfinity();
    }

    private int FindInfinity<T>(ReadOnlySpan<T> rows, ReadOnlySpan<double> weights)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        for (int i = 0; i < rows.Length; i++)
        {
            if (T.IsInfinity(rows[i]) && (weights.IsEmpty || weights[i / FeatureCount] > 0))
            {
                return i;
            }
        }

        throw MissingInfinity();
    }

    private static InvalidOperationException MissingInfinity() => new("The kernel counted an infinity that is not there.");

    private void CheckRowCount(int added) => Counts.Add(RowCount, added, nameof(RowCount));
}
