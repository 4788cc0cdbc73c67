namespace MLNet.BatchNorm.Convergence.Data.Files;

/// <summary>A file as text: what it was taken for, its columns, and its cells.</summary>
/// <param name="Path">Where it was read from, for messages.</param>
/// <param name="Format">In words: "CSV, semicolons, UTF-16, header in line 3" or "Parquet".</param>
/// <param name="Columns">The names, each once.</param>
/// <param name="Rows">The cells, trimmed; null where there is nothing.</param>
/// <param name="Notes">What could not be read, and what was not read.</param>
public sealed record FileTable(string Path, string Format, IReadOnlyList<string> Columns, IReadOnlyList<string?[]> Rows, IReadOnlyList<string> Notes)
{
    /// <summary>The position of a column.</summary>
    /// <exception cref="StudyInputException">There is none of that name.</exception>
    public int IndexOf(string column)
    {
        var index = Columns.ToList().IndexOf(column);
        index = index >= 0 ? index : Columns.ToList().FindIndex(name => string.Equals(name, column, StringComparison.OrdinalIgnoreCase));
        return index >= 0
            ? index
            : throw new StudyInputException($"'{Path}' has no column '{column}'. Its columns are: {Listed(Columns)}. (Taken for {Format}; --separator and --encoding say otherwise.)");
    }

    /// <summary>One column's cells.</summary>
    public string?[] Cells(int column) => [.. Rows.Select(row => row[column])];

    /// <summary>Names for a message: the first ones, and how many more there are.</summary>
    public static string Listed(IReadOnlyCollection<string> names, int most = 12) =>
        string.Join(", ", names.Take(most)) + (names.Count > most ? $" and {names.Count - most} more" : string.Empty);
}
