using Microsoft.FSharp.Collections;
using Plotly.NET;
using static MLNet.BatchNorm.Convergence.Report.Charts.Traces;

namespace MLNet.BatchNorm.Convergence.Report.Charts;

/// <summary>One chart of the report: traces and axes, which Plotly.NET turns into a figure.</summary>
internal sealed class Chart
{
    private readonly List<Trace> _traces = [];
    private readonly Layout _layout = new();
    private readonly List<object> _shapes = [];

    /// <param name="title">Above the chart; also its description for those who cannot see it.</param>
    public Chart(string title) => Title = title;

    public string Title { get; }

    /// <summary>In pixels.</summary>
    public int Height { get; init; } = 320;

    /// <summary>What the chart shows, in a sentence that was computed from the numbers.</summary>
    public string? Claim { get; init; }

    /// <summary>What must be known to read it.</summary>
    public string? Caption { get; init; }

    /// <summary>The id of the slider that replays the chart.</summary>
    public string? Player { get; init; }

    public Chart Add(params IEnumerable<Trace> traces)
    {
        _traces.AddRange(traces);
        return this;
    }

    public Chart X(string title, bool log = false, (double Low, double High)? range = null, IReadOnlyList<double>? ticks = null) =>
        Axis("xaxis", title, log, range, ticks?.Select(tick => (tick, Study.Numbers.Brief(tick))).ToArray());

    public Chart Y(string title, bool log = false, (double Low, double High)? range = null, IReadOnlyList<(double At, string Text)>? ticks = null) =>
        Axis("yaxis", title, log, range, ticks);

    /// <summary>A horizontal line across the chart.</summary>
    public Chart Level(double y)
    {
        _shapes.Add(Map(("type", "line"), ("xref", "paper"), ("x0", 0), ("x1", 1), ("y0", y), ("y1", y), ("line", Map(("color", "@faint"), ("width", 1), ("dash", "dot")))));
        return this;
    }

    /// <summary>One unit is equally long on both axes.</summary>
    public Chart Square()
    {
        Of("yaxis")["scaleanchor"] = "x";
        Of("xaxis")["constrain"] = "domain";
        Of("yaxis")["constrain"] = "domain";
        return this;
    }

    public Chart Categories()
    {
        _layout.SetProperty("barmode", "group");
        Of("xaxis")["type"] = "category";
        return this;
    }

    /// <summary>The figure as JSON: data and layout.</summary>
    public string Figure()
    {
        _layout.SetProperty("shapes", _shapes);
        return GenericChart.toFigureJson(GenericChart.NewMultiChart(ListModule.OfSeq(_traces), _layout, new Config(), new DisplayOptions()));
    }

    private Chart Axis(string name, string title, bool log, (double Low, double High)? range, IReadOnlyList<(double At, string Text)>? ticks)
    {
        var axis = Of(name);
        axis["title"] = Map(("text", title), ("standoff", 8));
        if (log)
        {
            axis["type"] = "log";
            axis["exponentformat"] = "power";
            axis["dtick"] = "@decades";
        }

        if (range is { } limits)
        {
            axis["range"] = log ? new[] { Math.Log10(limits.Low), Math.Log10(limits.High) } : new[] { limits.Low, limits.High };
        }

        if (ticks is not null)
        {
            axis.Remove("dtick");
            axis["tickvals"] = ticks.Select(tick => tick.At).ToArray();
            axis["ticktext"] = ticks.Select(tick => tick.Text).ToArray();
        }

        return this;
    }

    private Dictionary<string, object> Of(string axis)
    {
        if (_layout.TryGetPropertyValue(axis) is { Value: Dictionary<string, object> known })
        {
            return known;
        }

        var fresh = new Dictionary<string, object>();
        _layout.SetProperty(axis, fresh);
        return fresh;
    }
}
