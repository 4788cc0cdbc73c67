using System.Globalization;
using System.Text;

namespace MLNet.BatchNorm.Convergence.Report.Charts;

/// <summary>Builds one inline SVG that grows with its column.</summary>
internal sealed class SvgWriter
{
    private readonly StringBuilder _text = new();
    private readonly double _width;
    private readonly double _height;
    private readonly string _description;

    public SvgWriter(double width, double height, string description) => (_width, _height, _description) = (width, height, description);

    public static string Coordinate(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);

    public SvgWriter Line(double x1, double y1, double x2, double y2, string cssClass) =>
        Raw($"<path class=\"{cssClass}\" d=\"M{Coordinate(x1)} {Coordinate(y1)}L{Coordinate(x2)} {Coordinate(y2)}\"/>");

    public SvgWriter Text(double x, double y, string text, string anchor = "middle", string cssClass = "", double rotation = 0)
    {
        var turn = rotation == 0 ? string.Empty : $" transform=\"rotate({Coordinate(rotation)} {Coordinate(x)} {Coordinate(y)})\"";
        return Raw($"<text class=\"{cssClass}\" x=\"{Coordinate(x)}\" y=\"{Coordinate(y)}\" text-anchor=\"{anchor}\"{turn}>{HtmlWriter.Escape(text)}</text>");
    }

    public SvgWriter Rectangle(double x, double y, double width, double height, string cssClass) =>
        Raw($"<rect class=\"{cssClass}\" x=\"{Coordinate(x)}\" y=\"{Coordinate(y)}\" width=\"{Coordinate(Math.Max(0, width))}\" height=\"{Coordinate(height)}\"/>");

    public SvgWriter Path(IEnumerable<(double X, double Y)> points, string cssClass, string dashes = "")
    {
        var path = string.Join("L", points.Select(point => $"{Coordinate(point.X)} {Coordinate(point.Y)}"));
        return path.Length == 0 ? this : Raw($"<path class=\"{cssClass}\" stroke-dasharray=\"{dashes}\" d=\"M{path}\"/>");
    }

    public SvgWriter Marker(double x, double y, string marker, string cssClass = "marker") =>
        Raw($"<path class=\"{cssClass}\" transform=\"translate({Coordinate(x)} {Coordinate(y)})\" d=\"{marker}\"/>");

    public SvgWriter Raw(string markup)
    {
        _text.Append(markup).Append('\n');
        return this;
    }

    public override string ToString() =>
        $"<svg class=\"chart\" viewBox=\"0 0 {Coordinate(_width)} {Coordinate(_height)}\" role=\"img\" aria-label=\"{HtmlWriter.Escape(_description)}\">\n{_text}</svg>\n";
}
