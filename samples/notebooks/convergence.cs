// Generated from convergence.ipynb: change that, then run eng/notebooks (see README.md here).
//
//     dotnet run convergence.cs               the text; plots are left out
//     dotnet run convergence.cs -- plots      plots too, as SVG files in the folder plots
//
// Outside of a clone, replace the next line by: #:package MLNet.BatchNorm@* and #:package Microsoft.ML@5.0.1
#:project ../../src/MLNet.BatchNorm/MLNet.BatchNorm.csproj

using MLNet.BatchNorm;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;
using Microsoft.ML;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using System;

// A notebook shows its plots between the cells. Here they are written to the folder given as an argument, if one is.
int plotCount = 0;
string HTML(string content) => content;
void display(string html)
{
    plotCount++;
    if (args.Length == 0)
    {
        Console.WriteLine($"[plot {plotCount}: run with a folder as an argument to save it]");
        return;
    }
    string path = Path.Combine(Directory.CreateDirectory(args[0]).FullName, $"convergence-{plotCount}.svg");
    File.WriteAllText(path, html);
    Console.WriteLine($"[plot {plotCount}: {path}]");
}

// # What scaling does to SDCA and L-BFGS
//
// The same trainers of ML.NET on the same data, with raw, min-max scaled and standardized features. How many iterations does each need?
//
// The trainers do not tell their loss after each iteration. So every point below is a training run of its own that is stopped after so many
// iterations, with one thread and a fixed seed. The sample `MLNet.BatchNorm.Convergence` does the same on any CSV file of yours and measures more.


// Helpers for what follows: printing, finding data, and a small chart.

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

// A small chart in SVG: one line, or one cloud of dots, for each series.
void Plot(string title, string xLabel, string yLabel, (string Name, double[] X, double[] Y)[] series, bool logX = false, bool logY = false, bool dots = false)
{
    const double Left = 80, Top = 34, Width = 400, Height = 200;
    string[] colors = ["#1b6ca8", "#d1495b", "#3d9970", "#b8860b", "#6a4c93"];
    string Label(double value) => Math.Abs(value) is >= 1e4 or (< 1e-3 and > 0) ? value.ToString("0.#e0", CultureInfo.InvariantCulture) : value.ToString("G3", CultureInfo.InvariantCulture);
    double MapX(double value) => logX ? Math.Log10(value) : value;
    double MapY(double value) => logY ? Math.Log10(value) : value;
    var shown = series.SelectMany(one => one.X.Zip(one.Y)).Where(point => double.IsFinite(MapX(point.First)) && double.IsFinite(MapY(point.Second))).ToArray();
    double left = shown.Min(point => MapX(point.First)), right = shown.Max(point => MapX(point.First));
    double bottom = shown.Min(point => MapY(point.Second)), top = shown.Max(point => MapY(point.Second));
    double PlaceX(double value) => Left + (Width * (value - left) / (right - left));
    double PlaceY(double value) => Top + (Height * (top - value) / (top - bottom));

    var svg = new StringBuilder();
    void Add(FormattableString markup) => svg.AppendLine(FormattableString.Invariant(markup));
    Add($"<svg xmlns='http://www.w3.org/2000/svg' width='640' height='290' font-family='sans-serif' font-size='12' fill='#333'>");
    Add($"<rect width='640' height='290' fill='#fff'/>");
    Add($"<text x='{Left}' y='20' font-size='14'>{title}</text>");
    Add($"<text x='{Left + (Width / 2)}' y='282' text-anchor='middle'>{xLabel}</text>");
    Add($"<text transform='translate(14 {Top + (Height / 2)}) rotate(-90)' text-anchor='middle'>{yLabel}</text>");
    for (int tick = 0; tick <= 4; tick++)
    {
        double x = left + ((right - left) * tick / 4), y = bottom + ((top - bottom) * tick / 4);
        Add($"<path d='M{PlaceX(x):F1} {Top} v{Height} M{Left} {PlaceY(y):F1} h{Width}' stroke='#ddd'/>");
        Add($"<text x='{PlaceX(x):F1}' y='{Top + Height + 16}' text-anchor='middle'>{Label(logX ? Math.Pow(10, x) : x)}</text>");
        Add($"<text x='{Left - 6}' y='{PlaceY(y) + 4:F1}' text-anchor='end'>{Label(logY ? Math.Pow(10, y) : y)}</text>");
    }
    foreach (var (index, one) in series.Index())
    {
        string color = colors[index % colors.Length];
        var points = one.X.Zip(one.Y).Select(point => (X: MapX(point.First), Y: MapY(point.Second))).Where(point => double.IsFinite(point.X) && double.IsFinite(point.Y));
        var places = points.Select(point => FormattableString.Invariant($"{PlaceX(point.X):F1},{PlaceY(point.Y):F1}")).ToArray();
        if (dots)
        {
            Add($"<path d='{string.Concat(places.Select(place => $"M{place}h0"))}' stroke='{color}' stroke-width='4' stroke-linecap='round' stroke-opacity='0.6'/>");
        }
        else
        {
            Add($"<polyline points='{string.Join(' ', places)}' fill='none' stroke='{color}' stroke-width='2'/>");
        }
        Add($"<rect x='{Left + Width + 14}' y='{Top + (20 * index)}' width='10' height='10' fill='{color}'/>");
        Add($"<text x='{Left + Width + 30}' y='{Top + 9 + (20 * index)}'>{one.Name}</text>");
    }
    svg.Append("</svg>");
    display(HTML(svg.ToString()));
}

// ## 1. The data
//
// 30 features of 569 tumours. Their scales differ by a factor of a hundred thousand.

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

// ## 2. One run
//
// A pipeline with a scaling in front, a budget of iterations, and the mean log-loss over the training rows at the end. Scaling and trainer live in
// a fresh context with the same seed each time, so that a run does not depend on those before it.

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

// ## 3. Curves
//
// L-BFGS learns the curvature of the loss as it goes, so it copes best with raw features; still it needs many times the iterations. SDCA takes one
// row at a time and has no such help: on raw features the largest of them dictates all its steps.
//
// (The penalty on large weights acts in the features' units. Compare how soon a curve becomes flat rather than how low.)

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
    double[] x = budgets.Select(iterations => (double)iterations).ToArray();
    Plot(title, "iterations", "log-loss", scalings.Select(scaling => (scaling, x, curves[scaling])).ToArray(), logX: true, logY: true);
    return curves;
}

var lbfgs = Study("L-BFGS, breast cancer", (scaling, iterations) => BinaryLoss(scaling, "L-BFGS", iterations));
var sdca = Study("SDCA, breast cancer", (scaling, iterations) => BinaryLoss(scaling, "SDCA", iterations));

// ## 4. Three classes
//
// Wine: 13 features of 178 wines, three cultivars; proline is near 750, hue near 1.

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

// ## 5. In one table
//
// The smallest budget of those tried above that reaches a log-loss of 0.15.

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
