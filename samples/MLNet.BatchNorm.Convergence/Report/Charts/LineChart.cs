namespace MLNet.BatchNorm.Convergence.Report.Charts;

/// <summary>One line of a chart; its name decides its style.</summary>
public sealed record LineSeries(string Scaling, IReadOnlyList<(double X, double Y)> Points);

/// <summary>Lines on two logarithmic axes, with a marker at every measured point.</summary>
public static class LineChart
{
    private const double Width = 400;
    private const double Height = 270;

    // Two markers closer than this would only smear.
    private const double MarkerSpacing = 9;

    /// <summary>Draws the chart; values below <paramref name="floor"/> are drawn on the floor.</summary>
    public static string Draw(IReadOnlyList<LineSeries> series, string xTitle, string yTitle, double floor, string description)
    {
        var points = series.SelectMany(line => line.Points).ToArray();
        var highest = Math.Max(floor * 10, points.Max(point => point.Y));
        var lowest = Math.Max(floor, points.Min(point => point.Y));
        var (left, right) = (points.Min(point => point.X), points.Max(point => point.X));
        var x = new Scale(left, Math.Max(right, left * 10), 58, Width - 12, ScaleKind.Logarithmic);
        var y = new Scale(Math.Pow(10, Math.Floor(Math.Log10(lowest))), Math.Pow(10, Math.Ceiling(Math.Log10(highest))), Height - 40, 10, ScaleKind.Logarithmic);
        var svg = new SvgWriter(Width, Height, description);
        Frame.Draw(svg, x, y, xTitle, yTitle);
        foreach (var line in series)
        {
            var style = SeriesStyle.Of(line.Scaling);
            var drawn = line.Points.Select(point => (X: x.At(point.X), Y: y.At(Math.Max(point.Y, floor)))).ToArray();
            svg.Raw($"<g class=\"{style.CssClass}\">").Path(drawn, "line", style.Dashes);
            var last = (X: double.NegativeInfinity, Y: 0d);
            foreach (var point in drawn.Where((point, i) => i == drawn.Length - 1 || Spaced(point)))
            {
                svg.Marker(point.X, point.Y, style.Marker);
            }

            svg.Raw("</g>");

            bool Spaced((double X, double Y) point)
            {
                var spaced = Math.Abs(point.X - last.X) + Math.Abs(point.Y - last.Y) >= MarkerSpacing;
                last = spaced ? point : last;
                return spaced;
            }
        }

        return svg.ToString();
    }
}
