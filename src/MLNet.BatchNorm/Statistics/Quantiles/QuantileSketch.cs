using System.Buffers;

namespace MLNet.BatchNorm;

/// <summary>
/// The values of one feature, all of them while they are few, and then ever fewer that stand for ever more. Z. Karnin, K. Lang and E. Liberty,
/// "Optimal quantile approximation in streams", FOCS 2016: values are kept in levels; where there are too many, those of a level are sorted and
/// every other one moves up, at twice the weight. Upper levels are larger, by the paper's factor of 3/2 from one to the next.
/// </summary>
internal sealed class QuantileSketch
{
    private const double CapacityFactor = 2.0 / 3;
    private const int SmallestCapacity = 16;

    /// <summary>Of the values kept, what the top level has room for; all of them together have three times that.</summary>
    private const int TopShare = 5;

    private readonly int _size;
    private readonly List<SketchLevel> _levels;
    private readonly WeightedValues _weighted;
    private SketchRandom _random;

    public QuantileSketch(int size, SketchRandom random)
        : this(size, random, [], new WeightedValues())
    {
    }

    private QuantileSketch(int size, SketchRandom random, List<SketchLevel> levels, WeightedValues weighted) =>
        (_size, _random, _levels, _weighted) = (size, random, levels, weighted);

    public long Count { get; set; }

    public long MissingCount { get; set; }

    public long InfiniteCount { get; set; }

    public double WeightSum { get; set; }

    public double Minimum { get; set; } = double.PositiveInfinity;

    public double Maximum { get; set; } = double.NegativeInfinity;

    /// <summary>Whether all values are kept.</summary>
    public bool IsExact { get; set; } = true;

    public ulong RandomState => _random.State;

    /// <summary>The values that are kept.</summary>
    public int StoredCount { get; private set; }

    public IReadOnlyList<SketchLevel> Levels => _levels;

    public WeightedValues Weighted => _weighted;

    /// <summary>
    /// What values of one block of 128 rows may weigh that were taken out of its sorted values at even distances: one of 2^k. The error of the
    /// rank that this makes is at most 2^k / sqrt(12) per block, independent from block to block; of n values so many that it is worth
    /// 4^k / (12 128 n) of a squared share, of which a third is left, as k grew with n. The bound, 1e-6 for a sketch of 10,240 values, is a
    /// quarter of what the error of the whole sketch may be.
    /// </summary>
    public int BlockExponent
    {
        get
        {
            const double Bound = 644_245;
            const int MostExponent = 7;
            if (IsExact && StoredCount + ColumnSorter.RowCount <= _size)
            {
                return 0;
            }
            double mostSquared = Count * Bound / ((double)_size * _size);
            return mostSquared < 4 ? 0 : Math.Min(MostExponent, Math.ILogB(mostSquared) / 2);
        }
    }

    public void Add(double value, double weight)
    {
        if (TryHold(value, weight))
        {
            Shrink();
        }
    }

    /// <summary>Adds a value without making room for it; false where it is missing or infinite, and only counted.</summary>
    public bool TryHold(double value, double weight)
    {
        if (!double.IsFinite(value))
        {
            MissingCount += double.IsNaN(value) ? 1 : 0;
            InfiniteCount += double.IsNaN(value) ? 0 : 1;
            return false;
        }
        Count++;
        WeightSum += weight;
        Include(value, value);
        if (weight == 1)
        {
            LevelOf(0).Append(1)[0] = value;
        }
        else
        {
            _weighted.Add(value, weight);
        }
        StoredCount++;
        return true;
    }

    /// <summary>Adds one column of a block of finite values, in the order of the rows.</summary>
    public void AddColumn(ReadOnlySpan<double> block, int lane)
    {
        Span<double> room = LevelOf(0).Append(ColumnSorter.RowCount);
        for (int row = 0; row < room.Length; row++)
        {
            double value = block[(row * ColumnSorter.LaneCount) + lane];
            room[row] = value;
            Include(value, value);
        }
        EndColumn(room.Length);
    }

    /// <summary>
    /// Adds one column of a block that may have gaps: as many of the finite values as make whole steps are thinned out like those of others, and
    /// the rows that are left over are added one by one.
    /// </summary>
    public void AddUneven(ReadOnlySpan<double> block, int lane)
    {
        Span<double> column = stackalloc double[ColumnSorter.RowCount];
        int exponent = BlockExponent;
        int step = 1 << exponent;
        int count = 0;
        for (int row = 0; row < column.Length; row++)
        {
            double value = block[(row * ColumnSorter.LaneCount) + lane];
            MissingCount += double.IsNaN(value) ? 1 : 0;
            InfiniteCount += double.IsInfinity(value) ? 1 : 0;
            if (double.IsFinite(value))
            {
                column[count++] = value;
                Include(value, value);
            }
        }
        int thinned = exponent == 0 ? 0 : count / step * step;
        if (thinned > 0)
        {
            Span<double> values = column[..thinned];
            values.Sort();
            Span<double> room = LevelOf(exponent).Append(thinned / step);
            int start = _random.Next(step);
            for (int i = 0; i < room.Length; i++)
            {
                room[i] = values[start + (i * step)];
            }
            IsExact = false;
            StoredCount += room.Length;
        }
        column[thinned..count].CopyTo(LevelOf(0).Append(count - thinned));
        StoredCount += count - thinned;
        Count += count;
        WeightSum += count;
        Shrink();
    }

    /// <summary>Adds one column of a sorted block of finite values: one of 2^exponent of them, for all.</summary>
    public void AddSortedColumn(ReadOnlySpan<double> block, int lane, int exponent)
    {
        int step = 1 << exponent;
        Span<double> room = LevelOf(exponent).Append(ColumnSorter.RowCount / step);
        int start = _random.Next(step);
        for (int i = 0; i < room.Length; i++)
        {
            room[i] = block[((start + (i * step)) * ColumnSorter.LaneCount) + lane];
        }
        Include(block[lane], block[((ColumnSorter.RowCount - 1) * ColumnSorter.LaneCount) + lane]);
        IsExact = false;
        EndColumn(room.Length);
    }

    public void Merge(QuantileSketch other)
    {
        Count += other.Count;
        MissingCount += other.MissingCount;
        InfiniteCount += other.InfiniteCount;
        WeightSum += other.WeightSum;
        IsExact &= other.IsExact;
        Include(other.Minimum, other.Maximum);
        foreach (SketchLevel level in other._levels)
        {
            level.Values.CopyTo(LevelOf(level.Exponent).Append(level.Count));
        }
        _weighted.Add(other._weighted);
        StoredCount += other.StoredCount;
        Shrink();
    }

    public QuantileSketch Clone() => new(_size, _random, [.. _levels.Select(level => level.Clone())], _weighted.Clone())
    {
        Count = Count,
        MissingCount = MissingCount,
        InfiniteCount = InfiniteCount,
        WeightSum = WeightSum,
        Minimum = Minimum,
        Maximum = Maximum,
        IsExact = IsExact,
        StoredCount = StoredCount,
    };

    /// <summary>Puts values back that were saved.</summary>
    public void Restore(int exponent, ReadOnlySpan<double> values)
    {
        values.CopyTo(LevelOf(exponent).Append(values.Length));
        StoredCount += values.Length;
    }

    /// <inheritdoc cref="Restore(int, ReadOnlySpan{double})"/>
    public void Restore(double value, double weight)
    {
        _weighted.Add(value, weight);
        StoredCount++;
    }

    private void EndColumn(int storedCount)
    {
        Count += ColumnSorter.RowCount;
        WeightSum += ColumnSorter.RowCount;
        StoredCount += storedCount;
        Shrink();
    }

    private void Include(double smallest, double largest)
    {
        Minimum = smallest < Minimum ? smallest : Minimum;
        Maximum = largest > Maximum ? largest : Maximum;
    }

    private void Shrink()
    {
        while (StoredCount > _size)
        {
            IsExact = false;
            SketchLevel? level = FullLevel();
            if (level is null || (_weighted.Count >= _size / 4 && _weighted.Count >= level.Count))
            {
                ShrinkWeighted();
            }
            else
            {
                Shrink(level);
            }
        }
    }

    /// <summary>The lowest level that has more than its share; where none has, the fullest; none where all values have weights of their own.</summary>
    private SketchLevel? FullLevel()
    {
        SketchLevel? fullest = null;
        foreach (SketchLevel level in _levels)
        {
            double capacity = _size / TopShare * Math.Pow(CapacityFactor, _levels[^1].Exponent - level.Exponent);
            if (level.Count >= Math.Max(capacity, SmallestCapacity))
            {
                return level;
            }
            fullest = level.Count > (fullest?.Count ?? 1) ? level : fullest;
        }
        return fullest;
    }

    private void Shrink(SketchLevel level)
    {
        double[] half = ArrayPool<double>.Shared.Rent(level.Count / 2);
        int count = level.TakeHalf(_random.Next(2) == 1, half);
        LevelOf(level.Exponent + 1).MergeSorted(half.AsSpan(0, count));
        StoredCount -= count;
        ArrayPool<double>.Shared.Return(half);
    }

    private void ShrinkWeighted()
    {
        int before = _weighted.Count;
        (double[] values, int exponent) = _weighted.TakeEvenly(_random.NextDouble());
        LevelOf(exponent).MergeSorted(values);
        StoredCount += values.Length - before;
    }

    private SketchLevel LevelOf(int exponent)
    {
        int place = _levels.Count;
        for (; place > 0 && _levels[place - 1].Exponent >= exponent; place--)
        {
            if (_levels[place - 1].Exponent == exponent)
            {
                return _levels[place - 1];
            }
        }
        var level = new SketchLevel(exponent);
        _levels.Insert(place, level);
        return level;
    }
}
