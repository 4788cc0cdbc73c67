using System.Collections;

namespace Microsoft.ML.Data;

/// <summary>A dense or sparse vector over reusable buffers. Sparse: explicit values at increasing indices, default elsewhere.</summary>
public readonly struct VBuffer<T> : IEnumerable
{
    public readonly int Length;

    private readonly T[]? _values;
    private readonly int[]? _indices;
    private readonly int _count;

    public VBuffer(int length, T[] values, int[]? indices = null)
        : this(length, length, values, indices)
    {
    }

    public VBuffer(int length, int count, T[] values, int[]? indices)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, length);
        if (count > (values?.Length ?? 0))
        {
            throw new ArgumentOutOfRangeException(nameof(values), $"{count} values are needed, the array holds {values?.Length ?? 0}.");
        }

        if (count < length && count > (indices?.Length ?? 0))
        {
            throw new ArgumentOutOfRangeException(nameof(indices), $"{count} indices are needed, the array holds {indices?.Length ?? 0}.");
        }

        Length = length;
        _count = count;
        _values = values;
        _indices = indices;
    }

    public bool IsDense => _count == Length;

    public ReadOnlySpan<T> GetValues() => _values.AsSpan(0, _count);

    public ReadOnlySpan<int> GetIndices() => IsDense ? default : _indices.AsSpan(0, _count);

    public void CopyTo(ref VBuffer<T> destination)
    {
        var editor = VBufferEditor.Create(ref destination, Length, _count);
        GetValues().CopyTo(editor.Values);
        GetIndices().CopyTo(editor.Indices);
        destination = editor.Commit();
    }

    public void CopyToDense(ref VBuffer<T> destination)
    {
        var editor = VBufferEditor.Create(ref destination, Length);
        CopyTo(editor.Values);
        destination = editor.Commit();
    }

    public void CopyTo(Span<T> destination) => CopyTo(destination, 0);

    public void CopyTo(Span<T> destination, int destinationIndex, T defaultValue = default!)
    {
        if (destinationIndex < 0 || destinationIndex > destination.Length - Length)
        {
            throw new ArgumentOutOfRangeException(
                nameof(destination), $"Not large enough to hold these values: {Length} from index {destinationIndex}, size {destination.Length}.");
        }

        var target = destination.Slice(destinationIndex, Length);
        if (IsDense)
        {
            GetValues().CopyTo(target);
            return;
        }

        target.Fill(defaultValue);
        var values = GetValues();
        var indices = GetIndices();
        for (var i = 0; i < indices.Length; i++)
        {
            target[indices[i]] = values[i];
        }
    }

    public IEnumerable<KeyValuePair<int, T>> Items(bool all = false)
    {
        for (int position = 0, slot = 0; all || IsDense ? slot < Length : position < _count; slot++)
        {
            if (IsDense)
            {
                yield return new KeyValuePair<int, T>(slot, _values![slot]);
            }
            else if (!all)
            {
                yield return new KeyValuePair<int, T>(_indices![position], _values![position]);
                position++;
            }
            else
            {
                var isExplicit = position < _count && _indices![position] == slot;
                yield return new KeyValuePair<int, T>(slot, isExplicit ? _values![position++] : default!);
            }
        }
    }

    public IEnumerable<T> DenseValues() => Items(all: true).Select(item => item.Value);

    public void GetItemOrDefault(int index, ref T destination) => destination = GetItemOrDefault(index);

    public T GetItemOrDefault(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Length);
        if (IsDense)
        {
            return _values![index];
        }

        var position = GetIndices().BinarySearch(index);
        return position >= 0 ? _values![position] : default!;
    }

    public IEnumerator GetEnumerator() => (_values ?? []).GetEnumerator();

    public override string ToString() =>
        IsDense ? $"Dense vector of size {Length}" : $"Sparse vector of size {Length}, {_count} explicit values";

    internal VBufferEditor<T> GetEditor() => GetEditor(Length, _count);

    internal VBufferEditor<T> GetEditor(
        int newLogicalLength, int? valuesCount, int? maxValuesCapacity = null, bool keepOldOnResize = false, bool requireIndicesOnDense = false)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(newLogicalLength);
        var count = valuesCount ?? newLogicalLength;
        ArgumentOutOfRangeException.ThrowIfNegative(count, nameof(valuesCount));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, newLogicalLength, nameof(valuesCount));

        var capacity = maxValuesCapacity ?? Array.MaxLength;
        var values = Grow(_values, count, capacity, keepOldOnResize, out var createdNewValues);
        var withIndices = count < newLogicalLength || requireIndicesOnDense;
        var createdNewIndices = false;
        var indices = withIndices ? Grow(_indices, count, capacity, keepOldOnResize, out createdNewIndices) : _indices;
        return new VBufferEditor<T>(newLogicalLength, count, values, indices, withIndices, createdNewValues, createdNewIndices);
    }

    // New buffers grow by doubling, up to the given capacity, so that vectors of varying length settle soon.
    private static TItem[] Grow<TItem>(TItem[]? buffer, int size, int capacity, bool keepOld, out bool isNew)
    {
        isNew = buffer is null || buffer.Length < size;
        if (!isNew)
        {
            return buffer!;
        }

        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, capacity, "maxValuesCapacity");
        var doubled = Math.Max(size, 2L * (buffer?.Length ?? 0));
        var result = new TItem[(int)Math.Min(capacity, doubled)];
        if (keepOld)
        {
            buffer?.CopyTo(result, 0);
        }

        return result;
    }
}
