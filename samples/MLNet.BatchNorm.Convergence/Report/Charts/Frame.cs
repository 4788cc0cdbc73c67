namespace MLNet.BatchNorm.Convergence.Report.Charts;

/// <summary>Grid lines, tick labels and axis titles around a plot.</summary>
internal static class Frame
{
    private const double TickGap = 5;

    /// <summary>Draws both axes; the scales say where the plot lies.</summary>
    public static void Draw(SvgWriter svg, Scale x, Scale y, string xTitle, string yTitle)
    {
        foreach (var (value, text) in x.Ticks(7))
        {
            svg.Line(x.At(value), y.From, x.At(value), y.To, "grid").Text(x.At(value), y.From + 14, text);
        }

        foreach (var (value, text) in y.Ticks(8))
        {
            svg.Line(x.From, y.At(value), x.To, y.At(value), "grid").Text(x.From - TickGap, y.At(value) + 4, text, "end");
        }

        svg.Line(x.From, y.From, x.To, y.From, "axis").Line(x.From, y.From, x.From, y.To, "axis");
        svg.Text((x.From + x.To) / 2, y.From + 31, xTitle, cssClass: "title");
        svg.Text(12, (y.From + y.To) / 2, yTitle, cssClass: "title", rotation: -90);
    }
}
