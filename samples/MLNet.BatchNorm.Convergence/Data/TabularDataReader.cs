namespace MLNet.BatchNorm.Convergence.Data;

/// <summary>Makes a data set of a CSV file: finds the numeric columns, the task, and the rows that are complete.</summary>
public static class TabularDataReader
{
    private const int FewestRows = 20;

    /// <summary>Reads a file.</summary>
    /// <param name="path">A comma-separated file with a header.</param>
    /// <param name="label">The column to predict.</param>
    /// <param name="task">What to learn; null to infer it from the label.</param>
    /// <exception cref="StudyInputException">The file, the column or a value cannot be used.</exception>
    public static TabularData Read(string path, string label, LearningTask? task) => FromTable(CsvTable.Read(path), label, task);

    /// <summary>Makes a data set of a table.</summary>
    /// <exception cref="StudyInputException">The column or a value cannot be used.</exception>
    public static TabularData FromTable(CsvTable table, string label, LearningTask? task)
    {
        var labelIndex = table.IndexOf(label);
        var featureIndices = FeatureColumns(table, labelIndex, out var notes);
        var complete = Enumerable.Range(0, table.Rows.Count)
            .Where(row => !IsMissing(table.Rows[row][labelIndex]) && featureIndices.All(column => !IsMissing(table.Rows[row][column])))
            .ToArray();
        if (complete.Length < table.Rows.Count)
        {
            notes.Add($"{table.Rows.Count - complete.Length} of {table.Rows.Count} rows left out: a value is missing.");
        }

        if (complete.Length < FewestRows)
        {
            throw new StudyInputException($"'{table.Path}' has {complete.Length} complete rows; at least {FewestRows} are needed to train and to test.");
        }

        var rows = complete.Select(row => Array.ConvertAll(featureIndices, column => Parse(table, row, column))).ToArray();
        var kept = featureIndices.Select((_, feature) => feature).Where(feature => rows.Any(row => row[feature] != rows[0][feature])).ToArray();
        if (kept.Length < featureIndices.Length)
        {
            var constant = featureIndices.Where((_, feature) => !kept.Contains(feature)).Select(column => table.Columns[column]);
            notes.Add($"Left out, because every row has the same value: {string.Join(", ", constant)}.");
            rows = [.. rows.Select(row => Array.ConvertAll(kept, feature => row[feature]))];
        }

        var labels = complete.Select(row => table.Rows[row][labelIndex].Trim()).ToArray();
        var learned = task ?? LabelReader.Infer(labels);
        var (values, classes) = LabelReader.Read(table, label, labels, [.. complete.Select(row => table.LineNumbers[row])], learned);
        return new TabularData(
            Path.GetFileNameWithoutExtension(table.Path),
            $"{label} from {kept.Length} numeric columns of {Path.GetFileName(table.Path)}",
            learned,
            [.. kept.Select(feature => table.Columns[featureIndices[feature]])],
            rows,
            values,
            classes,
            notes);
    }

    private static int[] FeatureColumns(CsvTable table, int labelIndex, out List<string> notes)
    {
        // A column counts as numeric when most of its values are: a stray word in it is then an error with its line, not a silent loss.
        var others = Enumerable.Range(0, table.Columns.Count).Where(column => column != labelIndex).ToArray();
        var numeric = others.Where(column => table.Rows.Count(row => LabelReader.TryNumber(row[column], out _)) * 2 > table.Rows.Count).ToArray();
        notes = [];
        if (numeric.Length < others.Length)
        {
            notes.Add($"Left out, because not numeric: {string.Join(", ", others.Except(numeric).Select(column => table.Columns[column]))}.");
        }

        return numeric.Length > 0
            ? numeric
            : throw new StudyInputException($"'{table.Path}' has no numeric column beside '{table.Columns[labelIndex]}': nothing to learn from.");
    }

    private static float Parse(CsvTable table, int row, int column) => LabelReader.TryNumber(table.Rows[row][column], out var value)
        ? value
        : throw new StudyInputException(
            $"'{table.Path}', line {table.LineNumbers[row]}, column '{table.Columns[column]}': '{table.Rows[row][column]}' is not a finite number. Correct it, or leave the field empty to skip the row.");

    private static bool IsMissing(string field) => field.Trim() is "" or "?" or "NA" or "NaN" or "nan" or "null";
}
