using MLNet.BatchNorm.Convergence.Study;

namespace MLNet.BatchNorm.Convergence.Report.Charts;

/// <summary>A loss surface over two weights as contour lines, with the way that gradient descent takes and the optimum.</summary>
public static class ContourChart
{
    private const double Size = 400;

    /// <summary>Draws one panel; the gaps of neighbouring lines differ by a factor of about three.</summary>
    public static string Draw(SurfacePanel panel, string firstFeature, string secondFeature, string description)
    {
        var x = new Scale(panel.FirstWeights[0], panel.FirstWeights[^1], 62, Size - 12, ScaleKind.Linear);
        var y = new Scale(panel.SecondWeights[0], panel.SecondWeights[^1], Size - 62, 12, ScaleKind.Linear);
        var svg = new SvgWriter(Size, Size - 22, description);
        Frame.Draw(svg, x, y, $"weight of {firstFeature}", $"weight of {secondFeature}");

        // Near its optimum the gap grows with the square of the distance: its root is what a straight line between grid points follows.
        var roots = panel.Gaps.Select(Math.Sqrt).ToArray();
        foreach (var level in panel.Levels)
        {
            var segments = Contours.At(Math.Sqrt(level), panel.FirstWeights, panel.SecondWeights, roots)
                .Select(segment => $"M{Point(segment.From)}L{Point(segment.To)}");
            svg.Raw($"<path class=\"contour\" d=\"{string.Concat(segments)}\"/>");
        }

        var style = SeriesStyle.Of(panel.Scaling);
        var path = panel.Path.Select(pair => (x.At(pair.First), y.At(pair.Second))).ToArray();
        svg.Raw($"<g class=\"{style.CssClass}\">").Path(path, "line");
        var last = (X: double.NegativeInfinity, Y: 0d);
        foreach (var (px, py) in path)
        {
            if (Math.Abs(px - last.X) + Math.Abs(py - last.Y) > 6)
            {
                svg.Marker(px, py, "M-1.8 0a1.8 1.8 0 1 0 3.6 0a1.8 1.8 0 1 0 -3.6 0z");
                last = (px, py);
            }
        }

        svg.Raw("</g>");
        var (bestX, bestY) = (x.At(panel.Optimum.First), y.At(panel.Optimum.Second));
        return svg.Marker(bestX, bestY, "M-5 -5L5 5M-5 5L5 -5", "optimum").ToString();

        string Point((double X, double Y) point) => $"{SvgWriter.Coordinate(x.At(point.X))} {SvgWriter.Coordinate(y.At(point.Y))}";
    }
}
