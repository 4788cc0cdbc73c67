using System.Globalization;
using System.Net;
using System.Text;
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

    /// <summary>A table that scrolls sideways where the screen is narrow.</summary>
    /// <param name="headings">Text of the first row.</param>
    /// <param name="rows">Cells as markup, made by <c>Number</c> or <see cref="Escape"/>.</param>
    public HtmlWriter Table(IEnumerable<string> headings, IEnumerable<IEnumerable<string>> rows)
    {
        Raw("<div class=\"table\"><table><thead><tr>" + string.Concat(headings.Select(heading => $"<th scope=\"col\">{Escape(heading)}</th>")) + "</tr></thead><tbody>");
        foreach (var row in rows)
        {
            Raw("<tr>" + string.Concat(row.Select(cell => $"<td>{cell}</td>")) + "</tr>");
        }

        return Raw("</tbody></table></div>");
    }

    /// <summary>A number in text or in a cell.</summary>
    public static string Number(double value) => !double.IsFinite(value) ? "diverged" :
        $"<data value=\"{value.ToString("R", CultureInfo.InvariantCulture)}\">{Numbers.Brief(value)}</data>";

    /// <summary>A whole number in text or in a cell.</summary>
    public static string Number(int value) => string.Create(CultureInfo.InvariantCulture, $"<data value=\"{value}\">{value}</data>");

    /// <summary>Makes text safe to stand between tags or in an attribute.</summary>
    public static string Escape(string text) => WebUtility.HtmlEncode(text);

    /// <inheritdoc/>
    public override string ToString() => _text.ToString();
}
