using System.Buffers;

namespace MLNet.BatchNorm;

/// <summary>The values of a sketch that stand for 2^exponent rows each: a sorted part, and behind it what was appended since.</summary>
internal sealed class SketchLevel(int exponent)
{
    private const int SmallestCapacity = 16;

    private double[] _values = [];
    private int _sortedCount;

    /// <summary>The logarithm to base 2 of the weight of each value.</summary>
    public int Exponent { get; } = exponent;

    /// <summary>What each value weighs.</summary>
    public double Weight { get; } = Math.ScaleB(1, exponent);

    public int Count { get; private set; }

    public ReadOnlySpan<double> Values => _values.AsSpan(0, Count);

    /// <summary>Makes room for further values, which the caller writes.</summary>
    public Span<double> Append(int count)
    {
        Reserve(Count + count);
        Count += count;
        return _values.AsSpan(Count - count, count);
    }

    /// <summary>Takes in a sorted run that lies elsewhere.</summary>
    public void MergeSorted(ReadOnlySpan<double> run)
    {
        Sort();
        Reserve(Count + run.Length);
        MergeFromEnd(run);
        Count += run.Length;
        _sortedCount = Count;
    }

    public void Sort()
    {
        if (_sortedCount == Count)
        {
            return;
        }
        int tailCount = Count - _sortedCount;
        Span<double> tail = _values.AsSpan(_sortedCount, tailCount);
        tail.Sort();
        if (_sortedCount > 0)
        {
            double[] copy = ArrayPool<double>.Shared.Rent(tailCount);
            tail.CopyTo(copy);
            Count = _sortedCount;
            MergeFromEnd(copy.AsSpan(0, tailCount));
            Count += tailCount;
            ArrayPool<double>.Shared.Return(copy);
        }
        _sortedCount = Count;
    }

    /// <summary>
    /// Takes out every other value, beginning with the first or the second: they will stand for the pairs that are gone. Of an odd number the
    /// largest value stays. Returns how many were written.
    /// </summary>
    public int TakeHalf(bool second, Span<double> half)
    {
        Sort();
        int pairs = Count / 2;
        for (int i = 0; i < pairs; i++)
        {
            half[i] = _values[(2 * i) + (second ? 1 : 0)];
        }
        bool isOdd = Count % 2 != 0;
        double last = isOdd ? _values[Count - 1] : 0;
        Count = isOdd ? 1 : 0;
        _values = new double[SmallestCapacity];
        _values[0] = last;
        _sortedCount = Count;
        return pairs;
    }

    public SketchLevel Clone() => new(Exponent) { _values = Values.ToArray(), Count = Count, _sortedCount = _sortedCount };

    private void MergeFromEnd(ReadOnlySpan<double> run)
    {
        int mine = Count - 1;
        int theirs = run.Length - 1;
        for (int target = Count + run.Length - 1; theirs >= 0; target--)
        {
            _values[target] = mine >= 0 && _values[mine] > run[theirs] ? _values[mine--] : run[theirs--];
        }
    }

    private void Reserve(int count)
    {
        if (count > _values.Length)
        {
            Array.Resize(ref _values, Math.Max(count, Math.Max(SmallestCapacity, _values.Length + (_values.Length / 2))));
        }
    }
}
