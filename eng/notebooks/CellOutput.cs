namespace MLNet.BatchNorm.Notebooks;

/// <summary>One output of a cell: a piece of text or of HTML.</summary>
/// <param name="MimeType">What <paramref name="Content"/> is.</param>
/// <param name="Content">The text, lines ended by \n.</param>
internal sealed record CellOutput(string MimeType, string Content)
{
    /// <summary>What the cell printed.</summary>
    public const string Text = "text/plain";

    /// <summary>What the cell displayed: here, plots in SVG.</summary>
    public const string Html = "text/html";
}
