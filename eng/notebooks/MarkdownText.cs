using System.Text.RegularExpressions;

namespace MLNet.BatchNorm.Notebooks;

/// <summary>The text between the cells, Markdown there, as a terminal can show it: headings underlined, formulas indented and in Unicode.</summary>
/// <remarks>Paragraphs keep their lines: the program that prints them wraps them to its terminal.</remarks>
internal static partial class MarkdownText
{
    /// <exception cref="InvalidOperationException">A formula has a command that <see cref="MathText"/> does not know.</exception>
    public static string Plain(string markdown) =>
        string.Join("\n\n", markdown.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Select(block => Block(block.Trim('\n'))));

    private static string Block(string block)
    {
        if (Heading().Match(block) is { Success: true } heading)
        {
            string title = Inline(heading.Groups["title"].Value);
            return $"{title}\n{new string(heading.Groups["level"].Length == 1 ? '=' : '-', title.Length)}";
        }
        return block.StartsWith("$$", StringComparison.Ordinal)
            ? string.Join('\n', MathText.Lines(block.Trim('$')).Select(line => $"    {line}"))
            : Inline(block);
    }

    // Names in code keep their marks, which tell them from words.
    private static string Inline(string text) => Mark().Replace(text, match => match.Groups switch
    {
        _ when match.Groups["math"] is { Success: true } math => MathText.Line(math.Value),
        _ when match.Groups["emphasis"] is { Success: true } emphasis => emphasis.Value,
        _ when match.Groups["link"] is { Success: true } link => match.Groups["target"].Value == link.Value ? link.Value : $"{link} ({match.Groups["target"]})",
        _ => match.Value,
    });

    [GeneratedRegex(@"^(?<level>#+) (?<title>[^\n]+)$")]
    private static partial Regex Heading();

    [GeneratedRegex(@"`[^`]+`|\$(?<math>[^$]+)\$|\*(?<emphasis>\w[^*]*)\*|\[(?<link>[^\]]+)\]\((?<target>[^)]+)\)")]
    private static partial Regex Mark();
}
