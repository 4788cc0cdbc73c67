using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>The columns that a cursor is opened for, as flags.</summary>
internal static class ActiveColumns
{
    public static bool[] Of(DataViewSchema schema, IEnumerable<DataViewSchema.Column> columns)
    {
        Contracts.CheckValue(columns, nameof(columns));
        var active = new bool[schema.Count];
        foreach (var column in columns)
        {
            Contracts.CheckParam(
                column.Index < active.Length && schema[column.Index].Name == column.Name,
                nameof(columns),
                $"Column '{column.Name}' at index {column.Index} is not of this view's schema.");
            active[column.Index] = true;
        }

        return active;
    }
}
