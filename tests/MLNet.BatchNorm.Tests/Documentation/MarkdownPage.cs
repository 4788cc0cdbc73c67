namespace MLNet.BatchNorm.Tests.Documentation;

/// <summary>What of a Markdown page can be run: its C# code blocks, and the rows of its tables.</summary>
internal sealed class MarkdownPage(string relativePath)
{
    private readonly string[] _lines = File.ReadAllLines(Repository.PathOf(relativePath));

    /// <summary>The code blocks in the given language, in order.</summary>
    public IReadOnlyList<string> Code(string language)
    {
        var blocks = new List<string>();
        List<string>? block = null;
        foreach (string line in _lines)
        {
            if (block is null && line.Trim() == $"```{language}")
            {
                block = [];
            }
            else if (block is not null && line.Trim() == "```")
            {
                blocks.Add(string.Join('\n', block));
                block = null;
            }
            else
            {
                block?.Add(line);
            }
        }
        return block is null ? blocks : throw new FormatException($"{relativePath}: a code block does not end.");
    }

    /// <summary>The rows of all tables, heads and rules left out: the text of each cell, without the backticks around code.</summary>
    public IReadOnlyList<IReadOnlyList<string>> TableRows()
    {
        var rows = new List<IReadOnlyList<string>>();
        for (int i = 2; i < _lines.Length; i++)
        {
            if (IsRow(_lines[i]) && IsRow(_lines[i - 1]) && !IsRule(_lines[i]))
            {
                rows.Add([.. _lines[i].Trim().Trim('|').Split(" | ").Select(cell => cell.Trim().Trim('`'))]);
            }
        }
        return rows;
    }

    private static bool IsRow(string line) => line.StartsWith('|');

    private static bool IsRule(string line) => line.StartsWith("|:", StringComparison.Ordinal) || line.StartsWith("|-", StringComparison.Ordinal) || line.StartsWith("| -", StringComparison.Ordinal);
}
