// Generated from convergence.ipynb: change that, then run eng/notebooks (see README.md here).
//
//     dotnet run convergence.cs                     text, numbers, and charts as lines of blocks
//     dotnet run convergence.cs -- charts.html      the charts drawn too, on that page
//
// Outside of a clone, replace the next 2 lines by
//
//     #:package MLNet.BatchNorm@*
//     #:package Microsoft.ML@5.0.1
//     #:package Plotly.NET.CSharp@0.14.0
#:project ../../src/MLNet.BatchNorm/MLNet.BatchNorm.csproj
#:package Plotly.NET.CSharp

using MLNet.BatchNorm;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;
using Microsoft.ML;
using Plotly.NET.CSharp;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Text;
using System;

Console.OutputEncoding = Encoding.UTF8;

// A notebook shows its charts between the cells. What stands in for it here is at the end.
void display(Plotly.NET.GenericChart chart) => Terminal.Show(chart);

Terminal.Text("""
    What scaling does to SDCA and L-BFGS
    ====================================

    The same trainers of ML.NET on the same data, with raw, min-max scaled and standardized features. How many iterations does each need?

    The trainers do not tell their loss after each iteration. So every point below is a training run of its own that is stopped after so many
    iterations, with one thread and a fixed seed. The sample `MLNet.BatchNorm.Convergence` does the same on any CSV file of yours and measures more.
    """);

Plotly.NET.Defaults.DefaultHeight = 400;

// Prints a line with a point as the decimal separator, whatever the machine's language.
void Print(FormattableString line) => Console.WriteLine(FormattableString.Invariant(line));

// A data file of the repository: in the folder data, here or above.
string DataFile(string name)
{
    for (var folder = new DirectoryInfo(Environment.CurrentDirectory); folder != null; folder = folder.Parent)
    {
        foreach (string data in new[] { "data", "samples/data" })
        {
            string path = Path.Combine(folder.FullName, data, name);
            if (File.Exists(path))
            {
                return path;
            }
        }
    }
    throw new FileNotFoundException($"No folder data with {name}, here or above. Open the notebook in a clone of the repository.");
}

Terminal.Text("""
    1. The data
    -----------

    30 features of 569 tumours. Their scales differ by a factor of a hundred thousand.
    """);

IDataView Load(string file, int featureCount, DataKind labelKind) => new MLContext(seed: 1).Data.LoadFromTextFile(
    DataFile(file), new TextLoader.Options
{
    Columns = [new TextLoader.Column("Features", DataKind.Single, 0, featureCount - 1), new TextLoader.Column("Target", labelKind, featureCount)],
    Separators = [','],
    HasHeader = true,
});

var cancer = Load("breast_cancer.csv", 30, DataKind.Boolean);
var statistics = new MLContext(seed: 1).Transforms.Standardize("Features").Fit(cancer).Report.Features.OrderBy(row => row.Statistics.PopulationVariance).ToArray();
foreach (var row in statistics.Take(2).Concat(statistics.TakeLast(2)))
{
    Print($"{row.SlotName,-26} mean {row.Statistics.Mean,9:G4}   standard deviation {Math.Sqrt(row.Statistics.PopulationVariance),9:G4}");
}

Terminal.Text("""
    2. One run
    ----------

    A pipeline with a scaling in front, a budget of iterations, and the mean log-loss over the training rows at the end. Scaling and trainer live in
    a fresh context with the same seed each time, so that a run does not depend on those before it.
    """);

string[] scalings = ["raw", "min-max", "standardized"];

IDataView Scale(MLContext mlContext, string scaling, IDataView data) => scaling switch
{
    "min-max" => mlContext.Transforms.ScaleMinMax("Features").Fit(data).Transform(data),
    "standardized" => mlContext.Transforms.Standardize("Features").Fit(data).Transform(data),
    _ => data,
};

double BinaryLoss(string scaling, string trainer, int iterations)
{
    var mlContext = new MLContext(seed: 1);
    var data = Scale(mlContext, scaling, cancer);
    IEstimator<ITransformer> estimator = trainer == "SDCA"
        ? mlContext.BinaryClassification.Trainers.SdcaLogisticRegression(new SdcaLogisticRegressionBinaryTrainer.Options
        {
            LabelColumnName = "Target",
            L1Regularization = 0,
            L2Regularization = 1e-4f,
            MaximumNumberOfIterations = iterations,
            ConvergenceTolerance = 1e-7f,
            NumberOfThreads = 1,
        })
        : mlContext.BinaryClassification.Trainers.LbfgsLogisticRegression(new LbfgsLogisticRegressionBinaryTrainer.Options
        {
            LabelColumnName = "Target",
            L1Regularization = 0,
            L2Regularization = 1e-4f * 569,
            MaximumNumberOfIterations = iterations,
            OptimizationTolerance = 1e-10f,
            NumberOfThreads = 1,
        });
    var scored = estimator.Fit(data).Transform(data);
    // In nats: ML.NET's own LogLoss is in bits. Probabilities are kept away from 0 and 1, where float has no more digits.
    return scored.GetColumn<float>("Probability").Zip(scored.GetColumn<bool>("Target"), (probability, label) =>
        -Math.Log(Math.Max(1e-7, label ? probability : 1 - probability))).Average();
}

Print($"standardized, L-BFGS, 10 iterations: log-loss {BinaryLoss("standardized", "L-BFGS", 10):F3}");

Terminal.Text("""
    3. Curves
    ---------

    L-BFGS learns the curvature of the loss as it goes, so it copes best with raw features; still it needs many times the iterations. SDCA takes one
    row at a time and has no such help: on raw features the largest of them dictates all its steps.

    (The penalty on large weights acts in the features' units. Compare how soon a curve becomes flat rather than how low.)
    """);

int[] budgets = [1, 2, 3, 5, 7, 10, 20, 50, 100];

Dictionary<string, double[]> Study(string title, Func<string, int, double> loss)
{
    var curves = scalings.ToDictionary(scaling => scaling, scaling => budgets.Select(iterations => loss(scaling, iterations)).ToArray());
    Print($"{title,-26}{string.Concat(scalings.Select(scaling => $"{scaling,14}"))}");
    foreach (int iterations in new[] { 1, 5, 10, 20, 50, 100 })
    {
        int index = Array.IndexOf(budgets, iterations);
        Print($"{"log-loss at iteration",-22}{iterations,4}{string.Concat(scalings.Select(scaling => FormattableString.Invariant($"{curves[scaling][index],14:F3}")))}");
    }
    var chart = Chart.Combine(scalings.Select(scaling => Chart.Line<int, double, string>(budgets, curves[scaling], ShowMarkers: true, Name: scaling)));
    chart.GetLayout().SetProperty("title", title);
    chart.GetLayout().SetProperty("xaxis", new { title = "iterations", type = "log", tickvals = budgets });
    chart.GetLayout().SetProperty("yaxis", new { title = "log-loss", type = "log", tickvals = new[] { 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2 } });
    display(chart);
    return curves;
}

var lbfgs = Study("L-BFGS, breast cancer", (scaling, iterations) => BinaryLoss(scaling, "L-BFGS", iterations));
var sdca = Study("SDCA, breast cancer", (scaling, iterations) => BinaryLoss(scaling, "SDCA", iterations));

Terminal.Text("""
    4. Three classes
    ----------------

    Wine: 13 features of 178 wines, three cultivars; proline is near 750, hue near 1.
    """);

var wine = Load("wine.csv", 13, DataKind.Single);

double WineLoss(string scaling, string trainer, int iterations)
{
    var mlContext = new MLContext(seed: 1);
    var data = Scale(mlContext, scaling, mlContext.Transforms.Conversion.MapValueToKey("Label", "Target").Fit(wine).Transform(wine));
    IEstimator<ITransformer> estimator = trainer == "SDCA"
        ? mlContext.MulticlassClassification.Trainers.SdcaMaximumEntropy(new SdcaMaximumEntropyMulticlassTrainer.Options
        {
            L1Regularization = 0,
            L2Regularization = 1e-4f,
            MaximumNumberOfIterations = iterations,
            ConvergenceTolerance = 1e-7f,
            NumberOfThreads = 1,
        })
        : mlContext.MulticlassClassification.Trainers.LbfgsMaximumEntropy(new LbfgsMaximumEntropyMulticlassTrainer.Options
        {
            L1Regularization = 0,
            L2Regularization = 1e-4f * 178,
            MaximumNumberOfIterations = iterations,
            OptimizationTolerance = 1e-10f,
            NumberOfThreads = 1,
        });
    return mlContext.MulticlassClassification.Evaluate(estimator.Fit(data).Transform(data)).LogLoss;
}

var wineLbfgs = Study("L-BFGS, wine", (scaling, iterations) => WineLoss(scaling, "L-BFGS", iterations));
var wineSdca = Study("SDCA, wine", (scaling, iterations) => WineLoss(scaling, "SDCA", iterations));

Terminal.Text("""
    5. In one table
    ---------------

    The smallest budget of those tried above that reaches a log-loss of 0.15.
    """);

string FirstBelow(double[] curve)
{
    int index = Array.FindIndex(curve, loss => loss <= 0.15);
    return index < 0 ? "more than 100" : budgets[index].ToString();
}

Print($"{"iterations to 0.15",-26}{string.Concat(scalings.Select(scaling => $"{scaling,14}"))}");
foreach (var (name, curves) in new[] { ("L-BFGS, breast cancer", lbfgs), ("SDCA, breast cancer", sdca), ("L-BFGS, wine", wineLbfgs), ("SDCA, wine", wineSdca) })
{
    Print($"{name,-26}{string.Concat(scalings.Select(scaling => $"{FirstBelow(curves[scaling]),14}"))}");
}

/// <summary>In place of a notebook: prints its text, wrapped, and its charts, a line for each series; draws them on a page if one is named.</summary>
/// <remarks>Stands at the end of each file-based app. A source file here, so that it is compiled and tested.</remarks>
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
