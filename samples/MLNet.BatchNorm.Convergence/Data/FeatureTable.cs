using MLNet.BatchNorm.Convergence.Data.Files;

namespace MLNet.BatchNorm.Convergence.Data;

/// <summary>The features of a file's columns, in single precision: numbers as they are, words as a column each but the most frequent one's.</summary>
internal sealed record FeatureTable(IReadOnlyList<string> Names, float[][] Rows, int[] KeptRows, int ColumnCount)
{
    /// <summary>Fills missing cells, or drops their rows, and says in <paramref name="notes"/> what was left out, filled and moved.</summary>
    /// <exception cref="StudyInputException">No feature is left.</exception>
    public static FeatureTable Create(string path, IReadOnlyList<FileColumn> columns, bool dropIncompleteRows, List<string> notes)
    {
        // A column that counts the rows is left out, unless it is all that there is.
        var usable = columns.Where(column => column is FileColumn.Words or FileColumn.Numeric { CountsRows: false }).ToArray();
        if (usable.Length == 0)
        {
            usable = [.. columns.Where(column => column is FileColumn.Numeric)];
        }

        NoteLeftOut(columns, usable, notes);
        if (usable.Length == 0)
        {
            throw new StudyInputException($"'{path}' has no column to learn from beside the label.{string.Concat(notes.Select(note => " " + note))}");
        }

        var rowCount = usable[0] is FileColumn.Numeric first ? first.Values.Length : ((FileColumn.Words)usable[0]).Indices.Length;
        var kept = Enumerable.Range(0, rowCount).Where(row => !dropIncompleteRows || usable.All(column => !IsMissing(column, row))).ToArray();
        NoteMissing(usable, rowCount, kept.Length, dropIncompleteRows, notes);
        var features = usable.SelectMany(column => Features(column, kept, notes)).Where(feature => feature.Values.Length == 0 || feature.Values.Any(value => value != feature.Values[0])).ToArray();
        float[][] rows = [.. Enumerable.Range(0, kept.Length).Select(row => Array.ConvertAll(features, feature => feature.Values[row]))];
        return new FeatureTable([.. features.Select(feature => feature.Name)], rows, kept, usable.Length);
    }

    private static IEnumerable<(string Name, float[] Values)> Features(FileColumn column, int[] kept, List<string> notes)
    {
        if (column is FileColumn.Numeric numeric)
        {
            double[] values = [.. kept.Select(row => numeric.Values[row])];
            var mean = values.Where(value => !double.IsNaN(value)).DefaultIfEmpty().Average();
            yield return SinglePrecision.Narrow(column.Name, [.. values.Select(value => double.IsNaN(value) ? mean : value)], notes);
        }
        else if (column is FileColumn.Words words)
        {
            // With all words, the columns of one would add up to one: no learning needs that, and no Hessian is better for it.
            foreach (var (index, level) in words.Levels.Index().Skip(1))
            {
                yield return ($"{column.Name}={level}", [.. kept.Select(row => words.Indices[row] == index ? 1f : 0f)]);
            }
        }
    }

    private static bool IsMissing(FileColumn column, int row) =>
        column is FileColumn.Numeric numeric ? double.IsNaN(numeric.Values[row]) : column is FileColumn.Words words && words.Indices[row] < 0;

    private static void NoteLeftOut(IReadOnlyList<FileColumn> columns, FileColumn[] usable, List<string> notes)
    {
        Note("mostly empty", column => column is FileColumn.LeftOut { Reason: Unusable.Empty });
        Note("the same value in every row", column => column is FileColumn.LeftOut { Reason: Unusable.Constant });
        Note("a date or time", column => column is FileColumn.LeftOut { Reason: Unusable.Date });
        Note("looks like an id", column => column is FileColumn.LeftOut { Reason: Unusable.Id } || (column is FileColumn.Numeric { CountsRows: true } && !usable.Contains(column)));
        Note("text with too many different values", column => column is FileColumn.LeftOut { Reason: Unusable.Text });
        string[] encoded = [.. usable.OfType<FileColumn.Words>().Select(column => $"{column.Name} ({column.Levels.Length} values)")];
        if (encoded.Length > 0)
        {
            notes.Add($"One-hot encoded: {FileTable.Listed(encoded)}.");
        }

        foreach (var column in usable.OfType<FileColumn.Numeric>().Where(column => column.UnreadableCount > 0))
        {
            notes.Add($"{column.UnreadableCount} {(column.UnreadableCount == 1 ? "cell" : "cells")} of {column.Name} cannot be read as numbers and count as missing, '{column.FirstUnreadable}' the first of them.");
        }

        void Note(string reason, Func<FileColumn, bool> belongs)
        {
            string[] names = [.. columns.Where(belongs).Select(column => column.Name)];
            if (names.Length > 0)
            {
                notes.Add($"Left out, {reason}: {FileTable.Listed(names)}.");
            }
        }
    }

    private static void NoteMissing(FileColumn[] usable, int rowCount, int keptCount, bool dropIncompleteRows, List<string> notes)
    {
        if (dropIncompleteRows)
        {
            if (keptCount < rowCount)
            {
                notes.Add($"{rowCount - keptCount} of {rowCount} rows left out: a cell is missing.");
            }

            return;
        }

        var missing = usable.Select(column => (column.Name, Count: Enumerable.Range(0, rowCount).Count(row => IsMissing(column, row)))).Where(entry => entry.Count > 0).ToArray();
        if (missing.Length > 0)
        {
            string[] names = [.. missing.Select(entry => $"{entry.Name} {entry.Count}")];
            notes.Add($"{missing.Sum(entry => entry.Count)} missing cells filled, numbers with the mean, text with the most frequent value: {FileTable.Listed(names)}. (--missing drop leaves their rows out.)");
        }
    }
}
