using Microsoft.ML;

namespace MLNet.BatchNorm;

/// <summary>The getters of one output row or cursor: passed on from the input, or what the binding makes of the input.</summary>
internal sealed class BoundRowGetters(RowBinding binding, DataViewRow input, bool[] active)
{
    private Func<int, Delegate>? _added;

    public DataViewSchema Schema => binding.OutputSchema;

    public bool IsActive(DataViewSchema.Column column)
    {
        int index = IndexOf(column);
        return active[index] && (!binding.IsPassedOn(index, out int source) || input.IsColumnActive(input.Schema[source]));
    }

    public ValueGetter<TValue> Get<TValue>(DataViewSchema.Column column)
    {
        if (!IsActive(column))
        {
            throw new InvalidOperationException($"Column '{column.Name}' is not active: it was not among the columns asked for.");
        }
        if (binding.IsPassedOn(column.Index, out int index))
        {
            return input.GetGetter<TValue>(input.Schema[index]);
        }
        var getter = (_added ??= binding.CreateGetters(input))(index);
        return getter as ValueGetter<TValue> ?? throw new InvalidOperationException(
            $"Invalid type in GetGetter for column '{column.Name}': expected {column.Type.RawType}, got {typeof(TValue)}.");
    }

    private int IndexOf(DataViewSchema.Column column) =>
        (uint)column.Index < (uint)active.Length
            ? column.Index
            : throw new ArgumentOutOfRangeException(nameof(column), column.Index, $"Column '{column.Name}' is not a column of this schema.");
}
