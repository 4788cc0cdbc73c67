// Generated from convergence.ipynb: change that, then run eng/notebooks (see README.md here).
//
//     dotnet run convergence.cs                     text, numbers, and charts as lines of blocks
//     dotnet run convergence.cs -- charts.html      the charts drawn too, on that page
//
// Outside of a clone, take Terminal.cs along, and replace the next 2 lines by
//
//     #:include Terminal.cs
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
using System.IO;
using System.Linq;
using System;

Console.OutputEncoding = System.Text.Encoding.UTF8;

// A notebook shows its charts between the cells. Here, Terminal.cs stands in for it.
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
