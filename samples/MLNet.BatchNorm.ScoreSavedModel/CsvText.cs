using System.IO.Compression;
using System.Text;

namespace MLNet.BatchNorm.ScoreSavedModel;

/// <summary>Lines and fields of a CSV file, packed with gzip or not.</summary>
internal static class CsvText
{
    /// <summary>What may stand between fields.</summary>
    public static IReadOnlyList<char> Separators { get; } = [',', ';', '\t', '|'];

    /// <summary>The first lines that are not blank.</summary>
    public static IReadOnlyList<string> ReadLines(string path, int most)
    {
        using var file = File.OpenRead(path);
        var isPacked = file.ReadByte() == 0x1F && file.ReadByte() == 0x8B;
        file.Position = 0;
        using Stream bytes = isPacked ? new GZipStream(file, CompressionMode.Decompress) : file;
        using var reader = new StreamReader(bytes);
        var lines = new List<string>();
        while (lines.Count < most && reader.ReadLine() is { } line)
        {
            if (!string.IsNullOrWhiteSpace(line))
            {
                lines.Add(line);
            }
        }

        return lines;
    }

    /// <summary>The fields of a line, without the spaces around them; in quotes, a separator is text, and two quotes are one.</summary>
    public static string[] Split(string line, char separator)
    {
        List<string> fields = [];
        var field = new StringBuilder();
        var quoted = false;
        for (var i = 0; i < line.Length; i++)
        {
            if (line[i] == '"' && quoted && i + 1 < line.Length && line[i + 1] == '"')
            {
                field.Append(line[i++]);
            }
            else if (line[i] == '"')
            {
                quoted = !quoted;
            }
            else if (line[i] == separator && !quoted)
            {
                fields.Add(field.ToString().Trim());
                field.Clear();
            }
            else
            {
                field.Append(line[i]);
            }
        }

        return [.. fields, field.ToString().Trim()];
    }
}
