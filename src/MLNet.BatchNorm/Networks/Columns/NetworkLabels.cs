using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.BatchNorm;

/// <summary>Reads labels as what a network is trained on: 0 or 1, the number of the class from zero, or the number itself.</summary>
internal static class NetworkLabels
{
    /// <summary>Reads the label of the row that the cursor stands on; NaN where it is missing.</summary>
    /// <param name="row">A row that has the column.</param>
    /// <param name="column">The label.</param>
    /// <param name="task">What is learned.</param>
    /// <param name="classOfKey">For each key, from 1 on, its class; if <see langword="null"/>, the key less 1.</param>
    public static Func<long, float> Reader(DataViewRow row, DataViewSchema.Column column, NetworkTask task, int[]? classOfKey = null) => column.Type switch
    {
        BooleanDataViewType => Reader<bool>(row, column, (value, _) => value ? 1 : 0),
        KeyDataViewType key => Reader<uint>(row, column, (value, _) => value == 0 || value > key.Count ? float.NaN : classOfKey is null ? value - 1 : classOfKey[value - 1]),
        _ when column.Type.Equals(NumberDataViewType.Single) =>
            Reader<float>(row, column, (value, rowNumber) => Check(value, column.Name, rowNumber, task)),
        _ => Reader<double>(row, column, (value, rowNumber) => Check(value, column.Name, rowNumber, task)),
    };

    private static Func<long, float> Reader<T>(DataViewRow row, DataViewSchema.Column column, Func<T, long, float> convert)
        where T : struct
    {
        var getter = row.GetGetter<T>(column);
        T value = default;
        return rowNumber =>
        {
            getter(ref value);
            return convert(value, rowNumber);
        };
    }

    private static float Check(double value, string columnName, long rowNumber, NetworkTask task) => task switch
    {
        _ when double.IsNaN(value) => float.NaN,
        NetworkTask.BinaryClassification when value is not (0 or 1) => throw new InvalidOperationException(
            $"Label column '{columnName}' holds {value:R} in row {rowNumber} (zero-based): expected 0 or 1, or a Boolean column."),
        NetworkTask.Regression when !float.IsFinite((float)value) => throw new InvalidOperationException(
            $"Label column '{columnName}' holds {value:R} in row {rowNumber} (zero-based): expected a number that a float can hold. Leave the row out, or scale the label."),
        _ => (float)value,
    };
}
