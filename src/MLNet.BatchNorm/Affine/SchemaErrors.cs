using Microsoft.ML;

namespace MLNet.BatchNorm;

/// <summary>Errors about columns: which one, what was expected, what was found, what to do. The exception type is ML.NET's for a schema mismatch.</summary>
internal static class SchemaErrors
{
    private const int NamesShown = 20;

    public static ArgumentOutOfRangeException Missing(string parameterName, string role, string columnName, DataViewSchema schema) =>
        Missing(parameterName, role, columnName, schema.Where(column => !column.IsHidden).Select(column => column.Name));

    public static ArgumentOutOfRangeException Missing(string parameterName, string role, string columnName, IEnumerable<string> found) =>
        new(parameterName, $"Could not find {role} column '{columnName}'. Columns found: {List(found)}.");

    public static ArgumentOutOfRangeException WrongType(
        string parameterName, string role, string columnName, string expected, string found, string advice) =>
        new(parameterName, $"Schema mismatch for {role} column '{columnName}': expected {expected}, got {found}. {advice}".TrimEnd());

    public static InvalidOperationException WrongLength(string columnName, int expected, int found) =>
        new($"Column '{columnName}' promises vectors of size {expected} and gives one of size {found}. Mend the data, or the size in their definition.");

    /// <summary>A column's type in words, as far as its shape tells it.</summary>
    public static string Describe(SchemaShape.Column column)
    {
        string kind = column.Kind switch
        {
            SchemaShape.Column.VectorKind.Scalar => string.Empty,
            SchemaShape.Column.VectorKind.Vector => "a known-size vector of ",
            _ => "a vector of unknown size of ",
        };
        return $"{kind}{column.ItemType}{(column.IsKey ? " key" : string.Empty)}";
    }

    private static string List(IEnumerable<string> columnNames)
    {
        var names = columnNames.Select(name => $"'{name}'").ToArray();
        return names.Length switch
        {
            0 => "none",
            <= NamesShown => string.Join(", ", names),
            _ => string.Join(", ", names.Take(NamesShown)) + $" and {names.Length - NamesShown} more",
        };
    }
}
