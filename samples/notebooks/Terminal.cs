#nullable disable
using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.Json;

/// <summary>In place of a notebook: prints its text, wrapped, and its charts, a line for each series; draws them on a page if one is named.</summary>
/// <remarks>Compiled into each of the file-based apps here.</remarks>
internal static class Terminal
{
    private const string Blocks = "▁▂▃▄▅▆▇█";
    private const int BlockCount = 32;

    // The program's first argument.
    private static readonly string Page = Environment.GetCommandLineArgs().ElementAtOrDefault(1);

    private static int _chartCount;

    public static void Text(string text) => Console.WriteLine($"\n{Wrap(text, Console.IsOutputRedirected ? 80 : Math.Clamp(Console.WindowWidth, 40, 100))}\n");

    public static void Show(Plotly.NET.GenericChart chart)
    {
        _chartCount++;
        Console.WriteLine($"\n[chart {_chartCount}] {Describe(Plotly.NET.GenericChart.toFigureJson(chart))}");
        if (Page is not null)
        {
            AddToPage(chart);
        }
        else if (_chartCount == 1)
        {
            Console.WriteLine("    (To see the charts drawn, name a page for them: -- charts.html)");
        }
        Console.WriteLine();
    }

    /// <summary>Headings, which are underlined, and formulas, which are indented, stay as they are.</summary>
    public static string Wrap(string text, int width) => string.Join("\n\n", text.Split("\n\n").Select(paragraph =>
        paragraph[0] == ' ' || paragraph.Split('\n') is [_, var under] && under.Trim('-', '=').Length == 0 ? paragraph : WrapParagraph(paragraph, width)));

    /// <summary>From a chart's JSON: its title, what its axes show, and its series: of a line its shape, first and last value; of points their ranges.</summary>
    public static string Describe(string figure)
    {
        using var document = JsonDocument.Parse(figure);
        var layout = document.RootElement.GetProperty("layout");
        var (x, y) = (Axis.Of(layout, "xaxis"), Axis.Of(layout, "yaxis"));
        Series[] series = [.. document.RootElement.GetProperty("data").EnumerateArray().Select(Series.Of).Where(one => one.Points.Length > 0)];
        var lines = series.Where(one => one.IsLine).SelectMany(one => one.Points).ToArray();
        var (left, right) = Range(lines.Select(point => x.Place(point.X)));
        var (low, high) = Range(lines.Select(point => y.Place(point.Y)));

        string Shape((double X, double Y)[] points)
        {
            var shape = new StringBuilder();
            for (int block = 0; block < BlockCount; block++)
            {
                double place = left + ((right - left) * block / (BlockCount - 1));
                double? value = Interpolate([.. points.Select(point => (x.Place(point.X), y.Place(point.Y)))], place);
                shape.Append(value is { } height ? Blocks[(int)Math.Round((Blocks.Length - 1) * (high > low ? (height - low) / (high - low) : 0))] : ' ');
            }
            return shape.ToString();
        }

        int nameWidth = series.Max(one => one.Name.Length);
        var description = new StringBuilder(layout.GetProperty("title").GetString());
        if (lines.Length > 0)
        {
            var (from, to) = Range(lines.Select(point => point.X));
            description.Append($"\n    {y.Title}{(y.IsLog ? ", logarithmic," : "")} over {x.Title}, {Brief(from)} to {Brief(to)}");
        }
        foreach (var one in series)
        {
            description.Append($"\n    {one.Name.PadRight(nameWidth)}  ");
            description.Append(one.IsLine
                ? $"{Shape(one.Points)}  {Brief(one.Points[0].Y)} to {Brief(one.Points[^1].Y)}"
                : $"{one.Points.Length} points: {(one.HasNames ? "" : $"{x.Title} {Brief(Range(one.Points.Select(point => point.X)))}, ")}{y.Title} {Brief(Range(one.Points.Select(point => point.Y)))}");
        }
        return description.ToString();
    }

    private static string WrapParagraph(string paragraph, int width)
    {
        var wrapped = new StringBuilder();
        int column = 0;
        foreach (string word in paragraph.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries))
        {
            bool fits = column + 1 + word.Length <= width;
            wrapped.Append(column == 0 ? "" : fits ? " " : "\n").Append(word);
            column = column > 0 && fits ? column + 1 + word.Length : word.Length;
        }
        return wrapped.ToString();
    }

    // With plotly.js in it, once, so that the page needs no network.
    private static void AddToPage(Plotly.NET.GenericChart chart)
    {
        if (_chartCount == 1)
        {
            var assembly = typeof(Plotly.NET.GenericChart).Assembly;
            using var script = new StreamReader(assembly.GetManifestResourceStream(assembly.GetManifestResourceNames().Single(name => name.EndsWith(".min.js", StringComparison.Ordinal))));
            File.WriteAllText(Page, $"<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>Charts</title>\n<script>{script.ReadToEnd().Replace("</script", "<\\/script", StringComparison.Ordinal)}</script>\n");
        }
        File.AppendAllText(Page, $"{Plotly.NET.GenericChart.toChartHTML(chart)}\n");
    }

    private static double? Interpolate((double X, double Y)[] points, double place)
    {
        const double Rounding = 1e-9;
        int after = Array.FindIndex(points, point => point.X >= place - Rounding);
        if (after < 0 || (after == 0 && points[0].X > place + Rounding))
        {
            return null;
        }
        var (a, b) = (points[Math.Max(after - 1, 0)], points[after]);
        return b.X > a.X ? a.Y + ((b.Y - a.Y) * (place - a.X) / (b.X - a.X)) : b.Y;
    }

    private static (double Low, double High) Range(IEnumerable<double> values) => (values.DefaultIfEmpty().Min(), values.DefaultIfEmpty().Max());

    private static string Brief((double Low, double High) range) => $"{Brief(range.Low)} to {Brief(range.High)}";

    private static string Brief(double value) => value.ToString("G3", CultureInfo.InvariantCulture);

    private sealed record Axis(string Title, bool IsLog)
    {
        public static Axis Of(JsonElement layout, string name) => new(
            layout.GetProperty(name).GetProperty("title").GetString(),
            layout.GetProperty(name).TryGetProperty("type", out var type) && type.GetString() == "log");

        public double Place(double value) => IsLog ? Math.Log10(value) : value;
    }

    private sealed record Series(string Name, bool IsLine, bool HasNames, (double X, double Y)[] Points)
    {
        public static Series Of(JsonElement trace)
        {
            JsonElement[] x = [.. trace.GetProperty("x").EnumerateArray()], y = [.. trace.GetProperty("y").EnumerateArray()];
            bool hasNames = x.Any(value => value.ValueKind == JsonValueKind.String);
            return new(
                trace.GetProperty("name").GetString(),
                trace.GetProperty("mode").GetString().StartsWith("lines", StringComparison.Ordinal),
                hasNames,
                [.. x.Zip(y).Select((point, index) => (hasNames ? index : point.First.GetDouble(), point.Second.GetDouble()))]);
        }
    }
}
