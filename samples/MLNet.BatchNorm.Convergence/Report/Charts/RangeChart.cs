using MLNet.BatchNorm.Convergence.Study;

namespace MLNet.BatchNorm.Convergence.Report.Charts;

/// <summary>One row per feature: a line from minimum to maximum, a box between the quartiles, a tick at the median.</summary>
public static class RangeChart
{
    private const double Width = 400;
    private const double RowHeight = 14;
    private const double Left = 150;
    private const double Top = 6;
    private const int LongestName = 24;

    /// <summary>Draws the chart. Raw features span many powers of ten, and get an axis that shows them all.</summary>
    public static string Draw(IReadOnlyList<FeatureResult> features, string scaling, ScaleKind kind, string description)
    {
        var bottom = Top + (features.Count * RowHeight);
        var svg = new SvgWriter(Width, bottom + 36, description);
        var x = new Scale(
            Math.Min(0, features.Min(feature => feature.Minimum)), features.Max(feature => feature.Maximum), Left, Width - 14, kind);
        foreach (var (value, text) in x.Ticks(6))
        {
            svg.Line(x.At(value), Top, x.At(value), bottom, "grid").Text(x.At(value), bottom + 13, text);
        }

        svg.Raw($"<g class=\"{SeriesStyle.Of(scaling).CssClass}\">");
        for (var row = 0; row < features.Count; row++)
        {
            var (feature, middle) = (features[row], Top + ((row + 0.5) * RowHeight));
            svg.Text(Left - 6, middle + 3.5, Shortened(feature.Name), "end", "small");
            svg.Line(x.At(feature.Minimum), middle, x.At(feature.Maximum), middle, "whisker");
            svg.Rectangle(x.At(feature.LowerQuartile), middle - 4, Math.Max(1, x.At(feature.UpperQuartile) - x.At(feature.LowerQuartile)), 8, "bar bar0");
            svg.Line(x.At(feature.Median), middle - 5, x.At(feature.Median), middle + 5, "median");
        }

        var title = kind == ScaleKind.Linear ? $"value, {scaling}" : $"value, {scaling} (logarithmic beyond 0.01)";
        return svg.Raw("</g>").Line(Left, Top, Left, bottom, "axis").Text((x.From + x.To) / 2, bottom + 30, title, cssClass: "title").ToString();
    }

    private static string Shortened(string name) => name.Length <= LongestName ? name : name[..(LongestName - 1)] + "…";
}
