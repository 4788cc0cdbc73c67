using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Finds and checks the columns that evaluation reads.</summary>
internal static class ScoredColumns
{
    public static DataViewSchema.Column Find(
        IDataView data, string role, string name, string expected, Func<DataViewType, bool> isExpected)
    {
        Contracts.CheckNonEmpty(name, nameof(name));
        var column = data.Schema.GetColumnOrNull(name) ?? throw Contracts.ExceptSchemaMismatch(nameof(data), role, name);
        return isExpected(column.Type)
            ? column
            : throw Contracts.ExceptSchemaMismatch(nameof(data), role, name, expected, column.Type.ToString()!);
    }

    public static bool IsSingle(DataViewType type) => type.Equals(NumberDataViewType.Single);
}
