namespace MLNet.BatchNorm.Convergence.Data.Files;

/// <summary>How a CSV file is written.</summary>
/// <param name="Separator">The character between fields.</param>
/// <param name="FieldCount">The number of fields in a line.</param>
/// <param name="SkippedLines">Lines before the first row of data: a title, comments, the header.</param>
/// <param name="SkippedRecords">The same in records, comments and blank lines not counted.</param>
/// <param name="HasComments">Whether lines that begin with # are comments.</param>
/// <param name="Header">The names; null where the first row is data already.</param>
/// <param name="HeaderLine">The line of the header.</param>
internal sealed record CsvDialect(char Separator, int FieldCount, int SkippedLines, int SkippedRecords, bool HasComments, string[]? Header, int HeaderLine)
{
    private const char Comment = '#';

    // The first ones win where several split the file equally well.
    private static readonly char[] Separators = [',', ';', '\t', '|', ' '];

    // A column is one of numbers when this share of its sampled cells is: a title above it is then no number.
    private const double NumericShare = 0.8;

    /// <summary>In words.</summary>
    public string Describe(string encoding) =>
        $"CSV, {Name(Separator)}, {encoding}, {(Header is null ? "no header" : HeaderLine > 1 ? $"header in line {HeaderLine}" : "header")}{(HasComments ? ", # comments" : string.Empty)}";

    /// <summary>Finds the dialect of a file.</summary>
    /// <param name="path">For messages.</param>
    /// <param name="text">The beginning of the file.</param>
    /// <param name="isAll">Whether that is all of it.</param>
    /// <param name="separator">The separator, where the user gave one.</param>
    /// <param name="label">The name of the label: a first row that holds it is a header, even if it is a number.</param>
    /// <exception cref="StudyInputException">It is not a table.</exception>
    public static CsvDialect Detect(string path, string text, bool isAll, char? separator, string? label)
    {
        var trial = (separator is { } given ? [given] : Separators)
            .Select(candidate => Try(text, isAll, candidate, label)).OfType<Trial>().MaxBy(candidate => candidate.Score);
        if (trial is null)
        {
            throw new StudyInputException($"'{path}' is empty. A header with column names is needed, then one line per row.");
        }

        if (trial.OpenQuote is { } line)
        {
            throw new StudyInputException($"'{path}', line {line}: a quote is opened and never closed.");
        }

        var (head, count) = (trial.Head, trial.FieldCount);
        var isHeader = IsHeader(head, trial.Rows, label);
        return new CsvDialect(
            trial.Separator, count, isHeader ? head.LastLine : head.FirstLine - 1, trial.RecordsBefore + (isHeader ? 1 : 0), trial.HasComments,
            isHeader ? Names(head.Fields, count) : null, head.FirstLine);
    }

    private static Trial? Try(string text, bool isAll, char separator, string? label)
    {
        var (all, openQuote) = CsvRecords.Split(text, separator);
        var records = all.Where(record => !record.IsBlank).ToList();
        if (!isAll && records.Count > 1)
        {
            (openQuote, _) = (null, records.Remove(records[^1]));
        }

        if (records.Count == 0)
        {
            return null;
        }

        // Some programs write their header behind a #: then it is the only such line, and as wide as the others.
        var data = records.Where(record => !record.StartsWith(Comment)).ToList();
        var counts = data.Count == 0 ? records : data;
        var fieldCount = counts.GroupBy(record => record.Fields.Length).OrderByDescending(group => group.Count()).ThenByDescending(group => group.Key).First().Key;
        var comments = records.Count - data.Count;
        var hashHeader = comments == 1 && records[0].StartsWith(Comment) && fieldCount > 1 && records[0].Fields.Length == fieldCount
            && !(data.Count > 0 && label is not null && data[0].Fields.Contains(label));
        var lines = hashHeader ? records : data.Count == 0 ? records : data;

        // R leaves out the name of the first column, which holds the names of its rows.
        var start = lines[0].Fields.Length == fieldCount - 1 && fieldCount > 2 ? 0 : lines.FindIndex(record => record.Fields.Length == fieldCount);
        var rest = lines.Skip(start).ToList();
        var fitting = rest.Count(record => record.Fields.Length == fieldCount) / (double)lines.Count;
        var score = fieldCount < 2 || (separator == ' ' && fitting < 1) ? 0 : fitting + (start == 0 ? 0.5 : 0) + (1e-6 * Math.Min(fieldCount, 1000));
        return new Trial(separator, fieldCount, rest[0], lines.Take(start).Count(record => record.Fields.Length <= fieldCount), rest.Skip(1).ToList(), comments > 0 && !hashHeader, openQuote, score - (openQuote is null ? 0 : 0.25));
    }

    private static bool IsHeader(CsvRecord head, List<CsvRecord> rows, string? label)
    {
        if (label is not null && head.Fields.Any(field => string.Equals(field.Trim(), label, StringComparison.OrdinalIgnoreCase)))
        {
            return true;
        }

        var numeric = Enumerable.Range(0, head.Fields.Length).Where(column => IsNumeric(rows, column)).ToArray();
        return numeric.Length == 0 || numeric.All(column => !NumberFormat.LooksNumeric(head.Fields[column]));
    }

    private static bool IsNumeric(List<CsvRecord> rows, int column)
    {
        var cells = rows.Where(row => row.Fields.Length > column).Select(row => row.Fields[column]).Where(cell => !CellText.IsMissing(cell)).ToArray();
        return cells.Length > 0 && cells.Count(NumberFormat.LooksNumeric) >= NumericShare * cells.Length;
    }

    private static string[] Names(string[] header, int count) =>
        [.. Enumerable.Repeat("row", count - header.Length), .. header.Select((name, i) => i == 0 ? name.TrimStart().TrimStart(Comment) : name)];

    private static string Name(char separator) => separator switch
    {
        ',' => "commas",
        ';' => "semicolons",
        '\t' => "tabs",
        '|' => "pipes",
        ' ' => "spaces",
        _ => $"'{separator}'",
    };

    private sealed record Trial(char Separator, int FieldCount, CsvRecord Head, int RecordsBefore, List<CsvRecord> Rows, bool HasComments, int? OpenQuote, double Score);
}
