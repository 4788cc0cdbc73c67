using MLNet.BatchNorm.Convergence.Data.Files;

namespace MLNet.BatchNorm.Convergence.Data;

/// <summary>Makes a data set of a file: decides what each column is, fills what is missing, and finds the task.</summary>
public static class TabularDataReader
{
    private const int FewestRows = 20;

    /// <summary>Reads a file.</summary>
    /// <param name="path">A CSV or Parquet file.</param>
    /// <param name="label">The column to predict.</param>
    /// <param name="task">What to learn; null to infer it from the label.</param>
    /// <param name="hints">What else the user said of the file; null for nothing.</param>
    /// <param name="allFeatures">Whether features stay that Newton's method has no time for: networks do without it.</param>
    /// <exception cref="StudyInputException">The file, the column or a value cannot be used.</exception>
    public static TabularData Read(string path, string label, LearningTask? task, FileHints? hints = null, bool allFeatures = false) =>
        FromTable(DataFile.Read(path, hints ?? new FileHints(), label), label, task, hints ?? new FileHints(), allFeatures);

    /// <summary>Makes a data set of a table.</summary>
    /// <exception cref="StudyInputException">The column or a value cannot be used.</exception>
    public static TabularData FromTable(FileTable table, string label, LearningTask? task, FileHints hints, bool allFeatures = false)
    {
        var labelIndex = table.IndexOf(label);
        var ignored = hints.Ignore.Select(table.IndexOf).ToHashSet();
        var labelled = table.Rows.Where(row => !CellText.IsMissing(row[labelIndex])).ToArray();
        var format = hints.DecimalSeparator is { } given ? NumberFormat.With(given) : NumberFormat.Detect(table.Rows.SelectMany(row => row));
        var notes = new List<string>(table.Notes);
        NoteCount(notes, table.Rows.Count - labelled.Length, table.Rows.Count, "the label is missing");
        RequireRows(table, labelled.Length);
        var columns = Enumerable.Range(0, table.Columns.Count).Where(column => column != labelIndex && !ignored.Contains(column))
            .Select(column => FileColumn.Read(table.Columns[column], [.. labelled.Select(row => row[column])], format)).ToArray();
        var features = FeatureTable.Create(table.Path, columns, hints.DropIncompleteRows, notes);
        RequireRows(table, features.KeptRows.Length);
        string[] labels = [.. features.KeptRows.Select(row => labelled[row][labelIndex]!)];
        var where = $"'{table.Path}', column '{table.Columns[labelIndex]}'";
        var learned = task ?? LabelReader.Infer(labels, format);
        var (values, classes, kept) = LabelReader.Read(where, labels, learned, format, notes);
        RequireRows(table, kept.Length);
        float[][] all = [.. kept.Select(row => features.Rows[row])];
        var (names, rows) = allFeatures ? (features.Names, all) : Dimensions.Limit(features.Names, all, values, learned, classes.Count, notes);
        var taken = classes.Count > 0 ? $"{classes.Count} classes" : "a number";
        return new TabularData(
            Path.GetFileName(table.Path).Split('.')[0],
            $"{table.Columns[labelIndex]} from {names.Count} features of {Path.GetFileName(table.Path)}",
            learned,
            names,
            rows,
            values,
            classes,
            notes)
        {
            SourcePath = Path.GetFullPath(table.Path),
            TakenFor = $"{table.Format}{(format.DecimalSeparator == ',' ? ", decimal comma" : string.Empty)}; {rows.Length} rows; "
                + $"label {table.Columns[labelIndex]}: {taken}; {names.Count} {(names.Count == 1 ? "feature" : "features")} from {features.ColumnCount} of {table.Columns.Count - 1} columns",
        };
    }

    private static void RequireRows(FileTable table, int count)
    {
        if (count < FewestRows)
        {
            throw new StudyInputException($"'{table.Path}' has {count} usable {(count == 1 ? "row" : "rows")}; at least {FewestRows} are needed to train and to test. (Taken for {table.Format}.)");
        }
    }

    private static void NoteCount(List<string> notes, int count, int total, string reason)
    {
        if (count > 0)
        {
            notes.Add($"{count} of {total} rows left out: {reason}.");
        }
    }
}
