using Microsoft.DotNet.Interactive.Documents;

namespace MLNet.BatchNorm.Notebooks;

/// <summary>What this repository asks of a cell.</summary>
internal static class NotebookCells
{
    /// <summary>On a cell that only a notebook's kernel can run, and on text that only a notebook needs: it is left out of the file-based app.</summary>
    public const string NotebookOnly = "notebook-only";

    public static bool IsCode(this InteractiveDocumentElement cell) => cell.KernelName != "markdown";

    public static IReadOnlyList<string> Tags(this InteractiveDocumentElement cell) =>
        cell.Metadata is { } metadata && metadata.TryGetValue("tags", out var tags) ? [.. ((IEnumerable<object>)tags).Cast<string>()] : [];
}
