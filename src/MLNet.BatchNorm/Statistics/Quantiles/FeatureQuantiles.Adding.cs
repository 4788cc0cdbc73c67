using System.Numerics;
using System.Numerics.Tensors;

namespace MLNet.BatchNorm;

public sealed partial class FeatureQuantiles
{
    private readonly int _lineLength;

    // The rows under way, [128, lines], each line a row and zeros up to a whole number of lanes; made when the first row comes.
    private double[] _block = [];
    private double[] _weights = [];
    private int _blockRows;
    private bool _isWeighted;

    // What sparse rows have left out; none of it is in the sketches.
    private SparseTally? _sparse;

    /// <summary>Adds one row.</summary>
    /// <typeparam name="T">Type of the values, float or double; they are widened to double.</typeparam>
    /// <param name="row">The values, [features].</param>
    /// <param name="weight">The row's weight.<value>1</value></param>
    /// <exception cref="ArgumentException"><paramref name="row"/> has another length than <see cref="FeatureCount"/>.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="weight"/> is negative, NaN or infinite.</exception>
    public void Add<T>(ReadOnlySpan<T> row, double weight = 1)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        RowChecks.Length(row.Length, 1, FeatureCount);
        RowChecks.Weight(weight, row: 0);
        AddRow(row, weight);
        _snapshots = null;
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
    public void AddRows<T>(ReadOnlySpan<T> rows, int rowCount, ReadOnlySpan<double> weights = default)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rowCount);
        RowChecks.Length(rows.Length, rowCount, FeatureCount);
        RowChecks.Weights(weights, rowCount, firstRow: 0);
        for (int row = 0; row < rowCount; row++)
        {
            AddRow(rows.Slice(row * FeatureCount, FeatureCount), weights.IsEmpty ? 1 : weights[row]);
        }
        _snapshots = null;
    }

    /// <summary>Adds one sparse row, all other features being zero, at a cost that depends on the number of given values only.</summary>
    /// <typeparam name="T">Type of the values, float or double; they are widened to double.</typeparam>
    /// <param name="values">The values that are given; zeros among them are allowed.</param>
    /// <param name="indices">Their features' indices, strictly increasing.</param>
    /// <param name="weight">The row's weight.<value>1</value></param>
    /// <exception cref="ArgumentException">
    /// <paramref name="values"/> and <paramref name="indices"/> differ in length, or the indices are not strictly increasing within
    /// 0 to <see cref="FeatureCount"/> - 1.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="weight"/> is negative, NaN or infinite.</exception>
    public void AddSparse<T>(ReadOnlySpan<T> values, ReadOnlySpan<int> indices, double weight = 1)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        RowChecks.Weight(weight, row: 0);
        RowChecks.Indices(indices, values.Length, FeatureCount);
        if (weight == 0)
        {
            return;
        }
        _sparse ??= new SparseTally(FeatureCount);
        _sparse.Count(indices, weight);
        for (int i = 0; i < values.Length; i++)
        {
            _sketches[indices[i]].Add(double.CreateTruncating(values[i]), weight);
        }
        _snapshots = null;
    }

    /// <summary>Adds rows that each stand in an array of their own, [features] each.</summary>
    internal void AddRows<T>(ReadOnlySpan<T[]> rows, ReadOnlySpan<double> weights)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        RowChecks.Weights(weights, rows.Length, firstRow: 0);
        for (int row = 0; row < rows.Length; row++)
        {
            RowChecks.Length(rows[row].Length, 1, FeatureCount);
            AddRow<T>(rows[row], weights.IsEmpty ? 1 : weights[row]);
        }
        _snapshots = null;
    }

    private void AddRow<T>(ReadOnlySpan<T> row, double weight)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (weight == 0)
        {
            return;
        }
        if (_block.Length == 0)
        {
            _block = new double[ColumnSorter.RowCount * _lineLength];
        }
        Span<double> line = _block.AsSpan(_blockRows * _lineLength, FeatureCount);
        if (typeof(T) == typeof(double))
        {
            System.Runtime.InteropServices.MemoryMarshal.Cast<T, double>(row).CopyTo(line);
        }
        else
        {
            TensorPrimitives.ConvertTruncating(row, line);
        }
        if (weight != 1 || _isWeighted)
        {
            Weigh(weight);
        }
        if (++_blockRows == ColumnSorter.RowCount)
        {
            EndBlock();
        }
    }

    private void Weigh(double weight)
    {
        if (_weights.Length == 0)
        {
            _weights = new double[ColumnSorter.RowCount];
        }
        if (!_isWeighted)
        {
            Array.Fill(_weights, 1);
            _isWeighted = true;
        }
        _weights[_blockRows] = weight;
    }

    /// <summary>Adds a whole block to the sketches, eight features at a time.</summary>
    private void EndBlock()
    {
        Span<double> lanes = stackalloc double[ColumnSorter.RowCount * ColumnSorter.LaneCount];
        for (int first = 0; first < FeatureCount; first += ColumnSorter.LaneCount)
        {
            for (int row = 0; row < ColumnSorter.RowCount; row++)
            {
                _block.AsSpan((row * _lineLength) + first, ColumnSorter.LaneCount).CopyTo(lanes[(row * ColumnSorter.LaneCount)..]);
            }
            Span<QuantileSketch> sketches = _sketches.AsSpan(first, Math.Min(ColumnSorter.LaneCount, FeatureCount - first));
            if (_isWeighted || !ColumnSorter.IsFinite(lanes))
            {
                AddOneByOne(sketches, lanes);
            }
            else
            {
                AddTogether(sketches, lanes);
            }
        }
        _blockRows = 0;
        _isWeighted = false;
    }

    private static void AddTogether(ReadOnlySpan<QuantileSketch> sketches, Span<double> lanes)
    {
        Span<int> exponents = stackalloc int[ColumnSorter.LaneCount];
        bool anyThinned = false;
        for (int lane = 0; lane < sketches.Length; lane++)
        {
            exponents[lane] = sketches[lane].BlockExponent;
            anyThinned |= exponents[lane] > 0;
            if (exponents[lane] == 0)
            {
                sketches[lane].AddColumn(lanes, lane);
            }
        }
        if (!anyThinned)
        {
            return;
        }
        ColumnSorter.Sort(lanes);
        for (int lane = 0; lane < sketches.Length; lane++)
        {
            if (exponents[lane] > 0)
            {
                sketches[lane].AddSortedColumn(lanes, lane, exponents[lane]);
            }
        }
    }

    // Missing values leave columns of different lengths, and weights no two values alike.
    private void AddOneByOne(ReadOnlySpan<QuantileSketch> sketches, ReadOnlySpan<double> lanes)
    {
        for (int lane = 0; lane < sketches.Length; lane++)
        {
            if (_isWeighted)
            {
                for (int row = 0; row < ColumnSorter.RowCount; row++)
                {
                    sketches[lane].Add(lanes[(row * ColumnSorter.LaneCount) + lane], _weights[row]);
                }
            }
            else
            {
                sketches[lane].AddUneven(lanes, lane);
            }
        }
    }
}
