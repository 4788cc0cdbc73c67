using System.Text;

namespace MLNet.BatchNorm.Convergence.Data.Files;

/// <summary>One record of a sample: the lines that it stands on, from 1, and its fields.</summary>
internal readonly record struct CsvRecord(int FirstLine, int LastLine, string[] Fields)
{
    public bool IsBlank => Fields.Length == 1 && string.IsNullOrWhiteSpace(Fields[0]);

    public bool StartsWith(char character) => Fields[0].TrimStart().StartsWith(character);
}

/// <summary>
/// Splits the beginning of a file by a separator that is on trial, so that the dialect can be told. The file itself is read by DuckDB.
/// </summary>
internal static class CsvRecords
{
    /// <summary>The records, blank ones included; and the line of a quote that is never closed, where there is one.</summary>
    public static (List<CsvRecord> Records, int? OpenQuote) Split(string text, char separator)
    {
        var records = new List<CsvRecord>();
        var fields = new List<string>();
        var field = new StringBuilder();
        var (line, first, quoted, quoteLine) = (1, 1, false, 0);
        for (var position = 0; position < text.Length; position++)
        {
            var character = text[position];
            if (quoted)
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
            else if (character == '"' && field.Length == 0)
            {
                (quoted, quoteLine) = (true, line);
            }
            else if (character == separator)
            {
                fields.Add(field.ToString());
                field.Clear();
            }
            else if (character is '\n' or '\r')
            {
                position += character == '\r' && position + 1 < text.Length && text[position + 1] == '\n' ? 1 : 0;
                End();
                first = ++line;
            }
            else
            {
                field.Append(character);
            }
        }

        if (field.Length > 0 || fields.Count > 0)
        {
            End();
        }

        return (records, quoted ? quoteLine : null);

        void End()
        {
            fields.Add(field.ToString());
            field.Clear();
            records.Add(new CsvRecord(first, line, [.. fields]));
            fields.Clear();
        }
    }
}
