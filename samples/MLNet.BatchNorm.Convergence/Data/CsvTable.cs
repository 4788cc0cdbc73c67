using System.Text;

namespace MLNet.BatchNorm.Convergence.Data;

/// <summary>A comma-separated file with a header, as text: RFC 4180 quoting, empty lines skipped.</summary>
/// <param name="Path">Where it was read from, for messages.</param>
/// <param name="Columns">The names in the header.</param>
/// <param name="Rows">The fields; every row has as many as the header.</param>
/// <param name="LineNumbers">The line on which each row begins, counted from 1.</param>
public sealed record CsvTable(string Path, IReadOnlyList<string> Columns, IReadOnlyList<string[]> Rows, IReadOnlyList<int> LineNumbers)
{
    /// <summary>Reads a whole file.</summary>
    /// <exception cref="StudyInputException">There is no such file, or it is not a table.</exception>
    public static CsvTable Read(string path)
    {
        if (!File.Exists(path))
        {
            throw new StudyInputException(Directory.Exists(path)
                ? $"'{path}' is a folder. Give the path of a CSV file with --data."
                : $"There is no file '{path}'. Give the path of a CSV file with --data.");
        }

        try
        {
            return Parse(path, File.ReadAllText(path));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StudyInputException($"'{path}' cannot be read: {exception.Message}", exception);
        }
    }

    /// <summary>Parses the text of a file.</summary>
    /// <exception cref="StudyInputException">It is not a table.</exception>
    public static CsvTable Parse(string path, string text)
    {
        var records = Records(path, text).ToList();
        if (records.Count == 0)
        {
            throw new StudyInputException($"'{path}' is empty. A header with column names is needed, then one line per row.");
        }

        var header = records[0].Fields.Select(name => name.Trim()).ToArray();
        if (header.GroupBy(name => name).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new StudyInputException($"'{path}' has two columns named '{twice.Key}'. Rename one in the first line.");
        }

        if (records.Skip(1).FirstOrDefault(record => record.Fields.Length != header.Length) is { Fields: not null } odd)
        {
            throw new StudyInputException(
                $"'{path}', line {odd.Line}: {odd.Fields.Length} fields where the header has {header.Length}. Put fields that hold commas in quotes.");
        }

        return new CsvTable(path, header, [.. records.Skip(1).Select(record => record.Fields)], [.. records.Skip(1).Select(record => record.Line)]);
    }

    /// <summary>The position of a column.</summary>
    /// <exception cref="StudyInputException">There is none of that name.</exception>
    public int IndexOf(string column)
    {
        var index = Columns.ToList().IndexOf(column);
        return index >= 0
            ? index
            : throw new StudyInputException($"'{Path}' has no column '{column}'. Its columns are: {string.Join(", ", Columns)}.");
    }

    private static IEnumerable<(int Line, string[] Fields)> Records(string path, string text)
    {
        var fields = new List<string>();
        var field = new StringBuilder();
        var (line, startLine, quoted, quoteLine) = (1, 1, false, 0);
        for (var position = 0; position <= text.Length; position++)
        {
            var atEnd = position == text.Length;
            var character = atEnd ? '\n' : text[position];
            if (quoted && !atEnd)
            {
                line += character == '\n' ? 1 : 0;
                if (character != '"')
                {
                    field.Append(character);
                }
                else if (position + 1 < text.Length && text[position + 1] == '"')
                {
                    field.Append('"');
                    position++;
                }
                else
                {
                    quoted = false;
                }
            }
            else if (quoted)
            {
                throw new StudyInputException($"'{path}', line {quoteLine}: a quote is opened and never closed.");
            }
            else if (character == '"' && field.Length == 0)
            {
                (quoted, quoteLine) = (true, line);
            }
            else if (character is ',' or '\n')
            {
                fields.Add(field.ToString().TrimEnd('\r'));
                field.Clear();
                if (character == '\n')
                {
                    if (fields.Count > 1 || fields[0].Length > 0)
                    {
                        yield return (startLine, [.. fields]);
                    }

                    fields.Clear();
                    startLine = ++line;
                }
            }
            else
            {
                field.Append(character);
            }
        }
    }
}
