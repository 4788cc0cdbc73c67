using MLNet.BatchNorm.Convergence.Study;
using Plotly.NET;

namespace MLNet.BatchNorm.Convergence.Report.Charts;

/// <summary>Traces of Plotly: lines, bands, bars, markers, contours.</summary>
internal static class Traces
{
    // A line without points is still named in the legend.
    private static readonly double?[] Nothing = [null];

    /// <summary>A line with markers; points that are not finite are left out.</summary>
    public static Trace Line(string name, Series style, IEnumerable<(double X, double Y)> points, string? dash = null, bool markers = true, bool legend = true)
    {
        var drawn = points.Where(point => double.IsFinite(point.X) && double.IsFinite(point.Y)).ToArray();
        return new Trace("scatter")
            .With("name", name)
            .With("mode", markers ? "lines+markers" : "lines")
            .With("x", drawn.Length == 0 ? Nothing : drawn.Select(point => point.X).ToArray())
            .With("y", drawn.Length == 0 ? Nothing : drawn.Select(point => Numbers.SixDigits(point.Y)).ToArray())
            .With("line", Map(("color", style.Color), ("dash", dash ?? style.Dash), ("width", 2)))
            .With("marker", Map(("color", style.Color), ("symbol", style.Symbol), ("size", 6)))
            .With("legendgroup", name)
            .With("showlegend", legend)
            .With("hovertemplate", "%{x:.4~g}: %{y:.4~g}");
    }

    /// <summary>The area between two lines.</summary>
    public static IEnumerable<Trace> Band(string group, Series style, IReadOnlyList<(double X, double Low, double High)> points)
    {
        var kept = points.Where(point => double.IsFinite(point.Low) && double.IsFinite(point.High)).ToArray();
        yield return new Trace("scatter")
            .With("x", kept.Select(point => point.X).Concat(kept.Reverse().Select(point => point.X)).ToArray())
            .With("y", kept.Select(point => Numbers.SixDigits(point.High)).Concat(kept.Reverse().Select(point => Numbers.SixDigits(point.Low))).ToArray())
            .With("fill", "toself")
            .With("fillcolor", style.Faint)
            .With("line", Map(("width", 0)))
            .With("mode", "lines")
            .With("legendgroup", group)
            .With("showlegend", false)
            .With("hoverinfo", "skip");
    }

    /// <summary>Markers without a line.</summary>
    public static Trace Marks(string name, string color, string symbol, IEnumerable<(double X, double Y)> points, int size = 8, double opacity = 1, string? hover = null, bool legend = true)
    {
        var drawn = points.ToArray();
        return new Trace("scatter")
            .With("name", name)
            .With("mode", "markers")
            .With("x", drawn.Select(point => point.X).ToArray())
            .With("y", drawn.Select(point => Numbers.SixDigits(point.Y)).ToArray())
            .With("marker", Map(("color", color), ("symbol", symbol), ("size", size), ("opacity", opacity), ("line", Map(("color", color), ("width", 2)))))
            .With("showlegend", legend)
            .With("hovertemplate", hover ?? "%{x:.4~g}: %{y:.4~g}");
    }

    /// <summary>Bars over names; a value that is null has none.</summary>
    public static Trace Bars(string name, string color, IReadOnlyList<string> names, IReadOnlyList<double?> values) => new Trace("bar")
        .With("name", name)
        .With("x", names.ToArray())
        .With("y", values.Select(value => value is { } number ? (object)Numbers.SixDigits(number) : null).ToArray())
        .With("marker", Map(("color", color)))
        .With("hovertemplate", "%{x}: %{y:.4~g}");

    /// <summary>Contour lines of a surface, row by row from the lowest y.</summary>
    public static Trace Contour(IReadOnlyList<double> x, IReadOnlyList<double> y, IReadOnlyList<double> values, double lowest)
    {
        double[][] rows = [.. Enumerable.Range(0, y.Count).Select(row => (double[])[.. values.Skip(row * x.Count).Take(x.Count).Select(value => Math.Round(Math.Log10(Math.Max(lowest, value)), 3))])];
        return new Trace("contour")
            .With("x", x.ToArray())
            .With("y", y.ToArray())
            .With("z", rows)
            .With("colorscale", "@scale")
            .With("showscale", false)
            .With("contours", Map(("coloring", "heatmap"), ("showlines", true), ("size", 0.5)))
            .With("line", Map(("color", "@contour"), ("width", 0.7)))
            .With("hovertemplate", "%{x:.3~g}, %{y:.3~g}: gap 10^%{z:.2f}<extra></extra>");
    }

    /// <summary>An object of Plotly's.</summary>
    public static Dictionary<string, object> Map(params (string Key, object Value)[] entries) => entries.ToDictionary(entry => entry.Key, entry => entry.Value);

    public static Trace With(this Trace trace, string property, object value)
    {
        trace.SetProperty(property, value);
        return trace;
    }
}
