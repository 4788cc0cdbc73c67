namespace MLNet.BatchNorm;

/// <summary>Rows of which only the numbers that are not zero are kept, row after row: each with its column, in ascending order.</summary>
/// <param name="columnCount">Numbers of a row, zeros included.</param>
internal sealed class SparseRows(int columnCount)
{
    private int[] _ends = [];
    private int[] _columns = [];
    private float[] _values = [];

    public int RowCount { get; private set; }

    /// <summary>Numbers that are kept, of all rows.</summary>
    public int ValueCount { get; private set; }

    public ReadOnlySpan<float> Values(int row) => _values.AsSpan(Start(row), _ends[row] - Start(row));

    public ReadOnlySpan<int> Columns(int row) => _columns.AsSpan(Start(row), _ends[row] - Start(row));

    /// <summary>Takes all rows out, and keeps the memory for others.</summary>
    public void Clear() => (RowCount, ValueCount) = (0, 0);

    /// <summary>Adds a row; zeros among its numbers are left out.</summary>
    /// <param name="values">Numbers.</param>
    /// <param name="columns">Their columns, in ascending order; empty where the numbers are those of all columns.</param>
    /// <exception cref="InvalidOperationException">More numbers than an array holds.</exception>
    public void Add(ReadOnlySpan<float> values, ReadOnlySpan<int> columns)
    {
        Reserve(values.Length);
        for (int i = 0; i < values.Length; i++)
        {
            if (values[i] != 0)
            {
                _values[ValueCount] = values[i];
                _columns[ValueCount++] = columns.IsEmpty ? i : columns[i];
            }
        }
        if (RowCount == _ends.Length)
        {
            Array.Resize(ref _ends, (int)Math.Clamp(2L * _ends.Length, 16, Array.MaxLength));
        }
        _ends[RowCount++] = ValueCount;
    }

    /// <summary>[rows, columns], with the zeros.</summary>
    public float[] ToDense()
    {
        var dense = new float[checked(RowCount * columnCount)];
        for (int row = 0; row < RowCount; row++)
        {
            ReadOnlySpan<float> values = Values(row);
            ReadOnlySpan<int> columns = Columns(row);
            for (int i = 0; i < values.Length; i++)
            {
                dense[(row * columnCount) + columns[i]] = values[i];
            }
        }
        return dense;
    }

    private int Start(int row) => row == 0 ? 0 : _ends[row - 1];

    private void Reserve(int count)
    {
        long needed = (long)ValueCount + count;
        if (needed > Array.MaxLength)
        {
            throw new InvalidOperationException(
                $"The data have more than {Array.MaxLength} features that are not zero, more than fit in memory at once. Train on a sample, for example with TakeRows.");
        }
        if (needed > _values.Length)
        {
            int capacity = (int)Math.Clamp(2L * _values.Length, needed, Array.MaxLength);
            Array.Resize(ref _values, capacity);
            Array.Resize(ref _columns, capacity);
        }
    }
}
