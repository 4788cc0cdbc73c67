using System.Globalization;
using System.Text.RegularExpressions;

namespace MLNet.BatchNorm.Notebooks;

/// <summary>Plotly.NET gives each chart a random name, under which its script finds its place in the page.</summary>
internal static partial class ChartNames
{
    /// <summary>Names a chart by its cell and its place among the cell's outputs, so that running a notebook again changes nothing in its file.</summary>
    public static string Fix(string html, int executionCount, int outputIndex)
    {
        if (ChartPlace().Match(html) is not { Success: true } place)
        {
            return html;
        }
        string random = place.Groups["name"].Value;
        string name = string.Create(CultureInfo.InvariantCulture, $"{executionCount:D8}-0000-0000-0000-{outputIndex:D12}");
        return html.Replace(random, name, StringComparison.Ordinal)
            .Replace(WithoutDashes(random), WithoutDashes(name), StringComparison.Ordinal);
    }

    // As it stands in the name of the script's function.
    private static string WithoutDashes(string name) => name.Replace("-", "", StringComparison.Ordinal);

    [GeneratedRegex("""<div id="(?<name>[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})"><!-- Plotly chart""")]
    private static partial Regex ChartPlace();
}
