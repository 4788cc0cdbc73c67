using MLNet.BatchNorm.Convergence.Study;

namespace MLNet.BatchNorm.Convergence.Report.Charts;

/// <summary>A group of bars: a scaling, and a value for each of the chart's kinds; null is written as infinite.</summary>
public sealed record BarGroup(string Scaling, IReadOnlyList<double?> Values);

/// <summary>Horizontal bars on a logarithmic axis that begins at one, each with its value at its end.</summary>
public static class BarChart
{
    private const double Width = 400;
    private const double BarHeight = 15;
    private const double GroupGap = 9;
    private const double Left = 116;
    private const double Top = 6;

    /// <summary>Draws the chart; the bars of a group go from full to faint.</summary>
    public static string Draw(IReadOnlyList<BarGroup> groups, string xTitle, string description)
    {
        var largest = groups.SelectMany(group => group.Values).Max() ?? 10;
        var bottom = Top + groups.Sum(group => (group.Values.Count * BarHeight) + GroupGap);
        var svg = new SvgWriter(Width, bottom + 36, description);

        // Room for the label behind the longest bar.
        var x = new Scale(1, Math.Pow(10, Math.Ceiling(Math.Log10(Math.Max(10, largest)))), Left, Width - 66, ScaleKind.Logarithmic);
        foreach (var (value, text) in x.Ticks(7))
        {
            svg.Line(x.At(value), Top, x.At(value), bottom, "grid").Text(x.At(value), bottom + 13, text);
        }

        var y = Top + (GroupGap / 2);
        foreach (var group in groups)
        {
            svg.Text(Left - 6, y + (group.Values.Count * BarHeight / 2) + 4, group.Scaling, "end");
            svg.Raw($"<g class=\"{SeriesStyle.Of(group.Scaling).CssClass}\">");
            for (var kind = 0; kind < group.Values.Count; kind++)
            {
                var value = group.Values[kind];
                svg.Rectangle(Left, y + 1, x.At(value ?? x.Maximum) - Left, BarHeight - 3, $"bar bar{kind}");
                svg.Text(x.At(value ?? x.Maximum) + 4, y + 11, value is { } number ? Numbers.Brief(number) : "infinite", "start", "value");
                y += BarHeight;
            }

            svg.Raw("</g>");
            y += GroupGap;
        }

        return svg.Line(Left, Top, Left, bottom, "axis").Text((x.From + x.To) / 2, bottom + 30, xTitle, cssClass: "title").ToString();
    }
}
