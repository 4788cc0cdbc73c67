using Microsoft.DotNet.Interactive.Documents;

namespace MLNet.BatchNorm.Tests.Samples.Notebooks;

/// <summary>An output of a cell: what it is (a stream's name or a MIME type), and its text.</summary>
internal sealed record CellOutputText(string Kind, string Text)
{
    public const string Printed = "stdout";
    public const string Html = "text/html";

    /// <exception cref="InvalidDataException">It is an error or data of several types, which no notebook of this repository should have.</exception>
    public static CellOutputText Of(InteractiveDocumentOutputElement output) => output switch
    {
        TextElement text => new(text.Name, text.Text),
        DisplayElement { Data: { Count: 1 } data } => new(data.Keys.Single(), Join(data.Values.Single())),
        _ => throw new InvalidDataException($"A cell has an output of type {output.GetType().Name}. Expected what it prints, or displays as {Html}."),
    };

    public static IReadOnlyList<CellOutputText> Of(InteractiveDocumentElement cell) => [.. cell.Outputs.Select(Of)];

    // A file keeps text as an array of lines with their ends.
    private static string Join(object data) => data as string ?? string.Concat((IEnumerable<object>)data);
}
