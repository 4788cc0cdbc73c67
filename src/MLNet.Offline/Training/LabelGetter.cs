using Microsoft.ML.Data;

namespace Microsoft.ML.Training;

/// <summary>Reads a label of any type that can be learned from as a float: a class number from zero, 0 or 1, or the value itself; NaN where missing.</summary>
internal static class LabelGetter
{
    public static ValueGetter<float> Create(DataViewRow row, DataViewSchema.Column column) => column.Type switch
    {
        BooleanDataViewType => Convert<bool>(row, column, value => value ? 1 : 0),
        KeyDataViewType key when key.RawType == typeof(uint) =>
            Convert<uint>(row, column, value => value == 0 || value > key.Count ? float.NaN : value - 1),
        _ when column.Type.Equals(NumberDataViewType.Single) => row.GetGetter<float>(column),
        _ when column.Type.Equals(NumberDataViewType.Double) => Convert<double>(row, column, value => (float)value),
        _ => throw new InvalidOperationException(
            $"Label column '{column.Name}' is of type {column.Type}: only Boolean, key, Single and Double can be a label."),
    };

    private static ValueGetter<float> Convert<T>(DataViewRow row, DataViewSchema.Column column, Func<T, float> convert)
        where T : struct
    {
        var getter = row.GetGetter<T>(column);
        T source = default;
        return (ref float label) =>
        {
            getter(ref source);
            label = convert(source);
        };
    }
}
