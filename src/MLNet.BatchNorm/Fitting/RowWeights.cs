using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.BatchNorm;

/// <summary>The column of row weights, where there is one.</summary>
internal static class RowWeights
{
    public static DataViewSchema.Column Find(DataViewSchema schema, string columnName, string parameterName)
    {
        var column = schema.GetColumnOrNull(columnName) ?? throw SchemaErrors.Missing(parameterName, "weight", columnName, schema);
        return column.Type.RawType == typeof(float) || column.Type.RawType == typeof(double) ? column : throw SchemaErrors.WrongType(
            parameterName, "weight", columnName, "a scalar Single or Double", $"{column.Type}", Advice(column.Type is VectorDataViewType));
    }

    /// <summary>What to do about a column that cannot hold weights.</summary>
    public static string Advice(bool isVector) => isVector
        ? "A row has one weight: load the column as a scalar, LoadColumn(3) rather than LoadColumn(3, 3), or make one number of the vector, with CustomMapping."
        : "Convert it first, with Conversion.ConvertType.";

    /// <summary>Reads the weight of the row that the cursor stands on, and checks it.</summary>
    public static Func<long, double> Reader(DataViewRow row, DataViewSchema.Column column)
    {
        if (column.Type.RawType == typeof(double))
        {
            var getter = row.GetGetter<double>(column);
            return rowNumber =>
            {
                double weight = 0;
                getter(ref weight);
                return Check(weight, column.Name, rowNumber);
            };
        }
        var singleGetter = row.GetGetter<float>(column);
        return rowNumber =>
        {
            float weight = 0;
            singleGetter(ref weight);
            return Check(weight, column.Name, rowNumber);
        };
    }

    private static double Check(double weight, string columnName, long rowNumber) =>
        double.IsFinite(weight) && weight >= 0 ? weight : throw new InvalidOperationException(
            $"Weight column '{columnName}' holds {weight:R} in row {rowNumber} (zero-based): expected a finite number that is zero or positive. " +
            "Leave the row out, or give it weight 0.");
}
