using System.Globalization;
using DuckDB.NET.Data;

namespace MLNet.BatchNorm.Convergence.Data.Files;

/// <summary>Reads CSV files of any usual dialect, packed with gzip or not, and Parquet files, through DuckDB.</summary>
public static class DataFile
{
    // A study of more rows shows nothing else: of larger files, so many rows are chosen by chance.
    private const int MostRows = 200_000;
    private const int MostCells = 20_000_000;
    private const double MostRejected = 0.1;

    /// <summary>Reads a file.</summary>
    /// <param name="path">CSV or Parquet.</param>
    /// <param name="hints">What the user said of it.</param>
    /// <param name="label">The name of the label, where it is known: it tells a header from a row.</param>
    /// <exception cref="StudyInputException">There is no such file, or it is not a table.</exception>
    public static FileTable Read(string path, FileHints hints, string? label)
    {
        if (!File.Exists(path))
        {
            throw new StudyInputException(Directory.Exists(path)
                ? $"'{path}' is a folder. Give the path of a CSV or Parquet file with --data."
                : $"There is no file '{path}'. Give the path of a CSV or Parquet file with --data.");
        }

        try
        {
            using var connection = new DuckDBConnection("Data Source=:memory:");
            connection.Open();

            // One thread: the rows come in the order of the file, and a sample of them is the same every time.
            Execute(connection, "SET threads = 1");
            return PlainText.StartsWith(path, "PAR1"u8) ? ReadParquet(connection, path) : ReadCsv(connection, path, hints, label);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidDataException or DuckDBException)
        {
            throw new StudyInputException($"'{path}' cannot be read: {exception.Message.Split('\n')[0].Trim()}", exception);
        }
    }

    private static FileTable ReadParquet(DuckDBConnection connection, string path)
    {
        var source = $"read_parquet({Quoted(path)})";
        var rows = ReadRows(connection, $"SELECT COLUMNS(*)::VARCHAR FROM {source}", source, out var columns, out var notes);
        return new FileTable(path, "Parquet", columns, rows, notes);
    }

    private static FileTable ReadCsv(DuckDBConnection connection, string path, FileHints hints, string? label)
    {
        if (PlainText.StartsWith(path, 0x50, 0x4B, 0x03, 0x04) || PlainText.StartsWith(path, 0x28, 0xB5, 0x2F, 0xFD))
        {
            throw new StudyInputException($"'{path}' is an archive or an Excel workbook. Unpack it, or save the sheet as CSV.");
        }

        using var text = PlainText.Open(path, hints.Encoding);
        var dialect = CsvDialect.Detect(path, text.Sample, text.SampleIsAll, hints.Separator, label);
        var types = string.Join(", ", Enumerable.Range(0, dialect.FieldCount).Select(i => $"'c{i}': 'VARCHAR'"));
        var source = $"read_csv({Quoted(text.Path)}, auto_detect = false, header = false, columns = {{{types}}}, delim = {Quoted(dialect.Separator.ToString())}, "
            + $"quote = '\"', escape = '\"', {(dialect.HasComments ? "comment = '#'" : $"skip = {dialect.SkippedLines}")}, "
            + "null_padding = true, parallel = false, compression = 'none', store_rejects = true)";

        // What DuckDB skips are lines where there are no comments: among comments, rows are left out behind it.
        source = dialect.HasComments ? $"(SELECT * FROM {source} OFFSET {dialect.SkippedRecords})" : source;
        var rows = ReadRows(connection, $"SELECT * FROM {source}", source, out _, out var notes);
        AddRejected(connection, path, rows.Count, notes);
        var names = Unique(dialect.Header ?? [.. Enumerable.Range(1, dialect.FieldCount).Select(i => $"column{i}")]);
        return WithoutEmptyLastColumn(new FileTable(path, dialect.Describe(text.Encoding), names, rows, notes));
    }

    private static List<string?[]> ReadRows(DuckDBConnection connection, string select, string source, out string[] columns, out List<string> notes)
    {
        notes = [];
        var count = Convert.ToInt64(Scalar(connection, $"SELECT count(*) FROM {source}"), CultureInfo.InvariantCulture);
        using var command = connection.CreateCommand();
        command.CommandText = $"DESCRIBE {select}";
        var width = 0;
        using (var description = command.ExecuteReader())
        {
            while (description.Read())
            {
                width++;
            }
        }

        var most = Math.Min(MostRows, Math.Max(1000, MostCells / Math.Max(1, width)));
        if (count > most)
        {
            notes.Add(string.Create(CultureInfo.InvariantCulture, $"{most} of its {count} rows are studied, chosen by chance."));
            select += string.Create(CultureInfo.InvariantCulture, $" USING SAMPLE reservoir({most} ROWS) REPEATABLE (1)");
        }

        command.CommandText = select;
        using var reader = command.ExecuteReader();
        columns = Unique([.. Enumerable.Range(0, reader.FieldCount).Select(reader.GetName)]);
        List<string?[]> rows = [];
        while (reader.Read())
        {
            var cells = new string?[reader.FieldCount];
            for (var i = 0; i < cells.Length; i++)
            {
                cells[i] = reader.IsDBNull(i) ? null : reader.GetString(i).Trim();
            }

            if (Array.Exists(cells, cell => !string.IsNullOrEmpty(cell)))
            {
                rows.Add(cells);
            }
        }

        return rows;
    }

    private static void AddRejected(DuckDBConnection connection, string path, int rowCount, List<string> notes)
    {
        using var command = connection.CreateCommand();

        // The file is scanned twice, once to count its rows: each rejected line stands there twice.
        command.CommandText = "SELECT count(DISTINCT line), min(line), min_by(error_message, line) FROM reject_errors";
        using var reader = command.ExecuteReader();
        reader.Read();
        var count = reader.GetInt64(0);
        if (count == 0)
        {
            return;
        }

        var (line, message) = (Convert.ToInt64(reader.GetValue(1), CultureInfo.InvariantCulture), reader.GetString(2).Split('\n')[0]);
        if (count > MostRejected * (count + rowCount))
        {
            throw new StudyInputException($"'{path}', line {line}: {message}; {count} lines are like that. Put fields that hold the separator in quotes, or give another --separator.");
        }

        notes.Add($"{count} {(count == 1 ? "line" : "lines")} left out, the first of them line {line}: {message}.");
    }

    private static string[] Unique(string[] names)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < names.Length; i++)
        {
            var name = names[i].Trim() is { Length: > 0 } given ? given.ReplaceLineEndings(" ") : $"column{i + 1}";
            names[i] = name;
            for (var twin = 2; !seen.Add(names[i]); twin++)
            {
                names[i] = $"{name}_{twin}";
            }
        }

        return names;
    }

    // Lines that end in a separator have one field more than the header has names.
    private static FileTable WithoutEmptyLastColumn(FileTable table)
    {
        var last = table.Columns.Count - 1;
        return last > 0 && table.Columns[last] == $"column{last + 1}" && table.Rows.All(row => string.IsNullOrEmpty(row[last]))
            ? table with { Columns = [.. table.Columns.Take(last)], Rows = [.. table.Rows.Select(row => row[..last])] }
            : table;
    }

    private static string Quoted(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    private static void Execute(DuckDBConnection connection, string sql) => Scalar(connection, sql);

    private static object? Scalar(DuckDBConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }
}
