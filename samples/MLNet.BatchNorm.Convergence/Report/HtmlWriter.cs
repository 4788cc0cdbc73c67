using System.Globalization;
using System.Net;
using System.Text;
using MLNet.BatchNorm.Convergence.Report.Charts;
using MLNet.BatchNorm.Convergence.Study;

namespace MLNet.BatchNorm.Convergence.Report;

/// <summary>Builds a page. Text is escaped; a number is shown briefly and carried exactly, in a data element.</summary>
public sealed class HtmlWriter
{
    private readonly StringBuilder _text = new();

    /// <summary>Appends markup as it is.</summary>
    public HtmlWriter Raw(string markup)
    {
        _text.Append(markup).Append('\n');
        return this;
    }

    /// <summary>An element that holds text.</summary>
    public HtmlWriter Element(string name, string text, string? cssClass = null) =>
        Raw($"<{name}{(cssClass is null ? string.Empty : $" class=\"{cssClass}\"")}>{Escape(text)}</{name}>");

    /// <summary>A list of sentences.</summary>
    public HtmlWriter List(IEnumerable<string> sentences)
    {
        Raw("<ul>");
        foreach (var sentence in sentences)
        {
            Element("li", sentence);
        }

        return Raw("</ul>");
    }

    /// <summary>Folded until the reader unfolds it.</summary>
    public HtmlWriter Details(string summary, Action<HtmlWriter> write, string? id = null)
    {
        Raw($"<details{(id is null ? string.Empty : $" id=\"{id}\"")}>").Element("summary", summary);
        write(this);
        return Raw("</details>");
    }

    /// <summary>A table that scrolls sideways where the screen is narrow; numbers stand to the right.</summary>
    /// <param name="headings">Text of the first row.</param>
    /// <param name="rows">Cells as markup, made by <c>Number</c> or <see cref="Escape"/>.</param>
    public HtmlWriter Table(IEnumerable<string> headings, IEnumerable<IEnumerable<string>> rows)
    {
        var cells = rows.Select(row => row.ToArray()).ToArray();
        var names = headings.ToArray();

        // A column is one of text where no cell has a number.
        bool[] text = [.. names.Select((_, column) => !cells.Any(row => row[column].Contains("<data", StringComparison.Ordinal)))];
        Raw("<div class=\"table\"><table><thead><tr>" + string.Concat(names.Select((heading, i) => $"<th scope=\"col\"{Class(i)}>{Escape(heading)}</th>")) + "</tr></thead><tbody>");
        foreach (var row in cells)
        {
            Raw("<tr>" + string.Concat(row.Select((cell, i) => $"<td{Class(i)}>{cell}</td>")) + "</tr>");
        }

        return Raw("</tbody></table></div>");

        string Class(int column) => text[column] ? " class=\"text\"" : string.Empty;
    }

    /// <summary>Charts side by side, or below each other on a narrow screen.</summary>
    internal HtmlWriter Charts(params IEnumerable<Chart> charts)
    {
        Raw("<div class=\"charts\">");
        foreach (var chart in charts)
        {
            Raw("<figure>").Element("h4", Capitalized(chart.Title));
            if (chart.Claim is { } claim)
            {
                Element("p", claim, "claim");
            }

            Raw($"<div class=\"chart\" role=\"img\" aria-label=\"{Escape(chart.Title)}\" data-height=\"{Numbers.Whole(chart.Height)}\""
                + $"{(chart.Player is null ? string.Empty : $" data-player=\"{chart.Player}\"")} style=\"height:{Numbers.Whole(chart.Height)}px\"></div>");
            Raw($"<script type=\"application/json\">{chart.Figure().Replace("</", "<\\/", StringComparison.Ordinal)}</script>");
            if (chart.Caption is { } caption)
            {
                Element("figcaption", Capitalized(caption));
            }

            Raw("</figure>");
        }

        return Raw("</div>");
    }

    private static string Capitalized(string text) => string.Concat(text[..1].ToUpperInvariant(), text.AsSpan(1));

    /// <summary>A number in text or in a cell; what is not finite diverged.</summary>
    public static string Number(double value) => !double.IsFinite(value)
        ? "diverged"
        : $"<data value=\"{value.ToString("R", CultureInfo.InvariantCulture)}\">{Numbers.Brief(value)}</data>";

    /// <summary>A whole number in text or in a cell.</summary>
    public static string Number(int value) => string.Create(CultureInfo.InvariantCulture, $"<data value=\"{value}\">{value}</data>");

    /// <summary>Makes text safe to stand between tags or in an attribute.</summary>
    public static string Escape(string text) => WebUtility.HtmlEncode(text);

    /// <inheritdoc/>
    public override string ToString() => _text.ToString();
}
