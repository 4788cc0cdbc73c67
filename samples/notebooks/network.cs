// Generated from network.ipynb: change that, then run eng/notebooks (see README.md here).
//
//     dotnet run network.cs                     text, numbers, and charts as lines of blocks
//     dotnet run network.cs -- charts.html      the charts drawn too, on that page
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
    Batch normalization in a network
    ================================

    Handwritten digits, 8 x 8 pixels, and a multilayer perceptron as an ML.NET trainer: with and without batch normalization, at different learning
    rates and batch sizes; what the layers see; and what is left of it all in the saved model.
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

    1797 digits; the first 1400 for training, the others, by other writers, for testing. Pixels are 0..16 and become 0..1: a min-max scaling whose
    range is known beforehand.
    """);

var mlContext = new MLContext(seed: 1);
var digits = mlContext.Data.LoadFromTextFile(DataFile("digits.csv"), new TextLoader.Options
{
    Columns = [new TextLoader.Column("Features", DataKind.Single, 0, 63), new TextLoader.Column("Digit", DataKind.Single, 64)],
    Separators = [','],
    HasHeader = true,
});
var prepare = mlContext.Transforms.Conversion.MapValueToKey("Label", "Digit")
    .Append(mlContext.Transforms.ScaleMinMax("Features", options: new MinMaxScalingOptions { DataMinimum = 0, DataMaximum = 16 }));
var prepared = prepare.Fit(digits).Transform(digits);
var training = mlContext.Data.TakeRows(prepared, 1400);
var testing = mlContext.Data.SkipRows(prepared, 1400);
Print($"{training.GetColumn<float[]>("Features").Count()} rows for training, {testing.GetColumn<float[]>("Features").Count()} for testing");

Terminal.Text("""
    2. With and without
    -------------------

    Four hidden layers of 50 neurons, plain stochastic gradient descent, learning rate 0.05. The two networks start from the same weights and see the
    same batches.

    On the training rows they end alike. On the test rows, which other people wrote, the one with batch normalization is ahead from the first epoch on.
    """);

var options = new MultilayerPerceptronOptions
{
    HiddenLayers = [50, 50, 50, 50],
    Optimizer = new NetworkOptimizer.Sgd(),
    LearningRate = 0.05,
    LearningRateSchedule = new LearningRateSchedule.Constant(),
    Dropout = 0,
    NormalizationStatistics = NormalizationStatistics.Running,
    BatchSize = 32,
    Epochs = 15,
    Seed = 1,
    NumberOfThreads = 1,
    MeasureActivations = true,
};

MultilayerPerceptronTransformer Train(MultilayerPerceptronOptions changed) =>
    mlContext.MulticlassClassification.Trainers.MultilayerPerceptron(changed).Fit(training, testing);

var without = Train(options with { Normalization = NetworkNormalization.None });
var with = Train(options with { Normalization = NetworkNormalization.Batch });
Print($"{"",10}{"training loss",27}{"test accuracy",27}");
Print($"{"epoch",10}{"without",13}{"with",14}{"without",13}{"with",14}");
foreach (int epoch in new[] { 1, 2, 3, 5, 10, 15 })
{
    var (a, b) = (without.Model.History[epoch - 1], with.Model.History[epoch - 1]);
    Print($"{epoch,10}{a.TrainingLoss,13:F3}{b.TrainingLoss,14:F3}{a.ValidationMetric,13:F3}{b.ValidationMetric,14:F3}");
}

int[] epochs = Enumerable.Range(1, 15).ToArray();
var losses = Chart.Combine([
    Chart.Line<int, double, string>(epochs, without.Model.History.Select(epoch => epoch.TrainingLoss), ShowMarkers: true, Name: "without"),
    Chart.Line<int, double, string>(epochs, with.Model.History.Select(epoch => epoch.TrainingLoss), ShowMarkers: true, Name: "with"),
]);
losses.GetLayout().SetProperty("title", "Loss on the training rows");
losses.GetLayout().SetProperty("xaxis", new { title = "epoch" });
losses.GetLayout().SetProperty("yaxis", new { title = "loss", type = "log", tickvals = new[] { 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2 } });
display(losses);

var accuracies = Chart.Combine([
    Chart.Line<int, double, string>(epochs, without.Model.History.Select(epoch => epoch.ValidationMetric.Value), ShowMarkers: true, Name: "without"),
    Chart.Line<int, double, string>(epochs, with.Model.History.Select(epoch => epoch.ValidationMetric.Value), ShowMarkers: true, Name: "with"),
]);
accuracies.GetLayout().SetProperty("title", "Accuracy on the test rows");
accuracies.GetLayout().SetProperty("xaxis", new { title = "epoch" });
accuracies.GetLayout().SetProperty("yaxis", new { title = "accuracy", range = new[] { 0.5, 1 } });
display(accuracies);

Terminal.Text("""
    3. What the layers see
    ----------------------

    The standard deviation of the input of each layer's activation function, over the same 256 rows, after every epoch.
    """);

foreach (var (name, network) in new[] { ("Without", without), ("With", with) })
{
    var history = network.Model.History;
    Print($"{name,-8} epoch 1: {string.Join("  ", history[0].Activations.Select(layer => FormattableString.Invariant($"{layer.StandardDeviation:F2}")))}   epoch 15: {string.Join("  ", history[^1].Activations.Select(layer => FormattableString.Invariant($"{layer.StandardDeviation:F2}")))}");
    var chart = Chart.Combine(Enumerable.Range(0, 4).Select(layer =>
        Chart.Line<int, double, string>(epochs, history.Select(epoch => epoch.Activations[layer].StandardDeviation), Name: $"layer {layer + 1}")));
    chart.GetLayout().SetProperty("title", $"{name} batch normalization");
    chart.GetLayout().SetProperty("xaxis", new { title = "epoch" });
    chart.GetLayout().SetProperty("yaxis", new { title = "standard deviation", range = new[] { 0, 4 } });
    display(chart);
}

Terminal.Text("""
    4. Learning rates
    -----------------

    At a small rate, batch normalization is a little ahead. At a large one, the plain network learns nothing or diverges, and the best result of the
    table becomes possible.
    """);

// On the test rows; none if the training diverges.
double? Accuracy(MultilayerPerceptronOptions changed)
{
    try
    {
        return Train(changed with { MeasureActivations = false }).Model.History[^1].ValidationMetric;
    }
    catch (NetworkDivergedException)
    {
        return null;
    }
}

string Text(double? accuracy) => accuracy is { } value ? FormattableString.Invariant($"{value:F3}") : "diverged";

double[] rates = [0.001, 0.01, 0.1, 1, 3];
var byRate = rates.Select(rate => options with { LearningRate = rate, Epochs = 8 })
    .Select(changed => (Without: Accuracy(changed with { Normalization = NetworkNormalization.None }), With: Accuracy(changed))).ToArray();
Print($"{"test accuracy",-16}{"without",10}{"with",10}");
foreach (var (rate, accuracy) in rates.Zip(byRate))
{
    Print($"{rate,-16}{Text(accuracy.Without),10}{Text(accuracy.With),10}");
}

// A training that diverges has no accuracy: it is marked at the bottom.
double[] diverged = rates.Where((_, i) => byRate[i].Without is null).ToArray();
var rateChart = Chart.Combine([
    Chart.Line<double, double, string>(rates.Except(diverged), byRate.Where(point => point.Without.HasValue).Select(point => point.Without.Value), ShowMarkers: true, Name: "without"),
    Chart.Line<double, double, string>(rates, byRate.Select(point => point.With.Value), ShowMarkers: true, Name: "with"),
    Chart.Point<double, double, string>(diverged, diverged.Select(_ => 0.0), Name: "without: diverged", MarkerSymbol: Plotly.NET.StyleParam.MarkerSymbol.X),
]);
rateChart.GetLayout().SetProperty("title", "Accuracy on the test rows after 8 epochs");
rateChart.GetLayout().SetProperty("xaxis", new { title = "learning rate", type = "log", tickvals = rates });
rateChart.GetLayout().SetProperty("yaxis", new { title = "accuracy", range = new[] { -0.03, 1 } });
display(rateChart);

Terminal.Text("""
    5. Small batches
    ----------------

    With two rows in a batch, its mean and variance say little: batch normalization fails. Batch renormalization, which corrects them towards the running
    averages, fails later, and layer normalization, which does without the batch, not at all.
    """);

var kinds = new[] { NetworkNormalization.None, NetworkNormalization.Batch, NetworkNormalization.BatchRenorm, NetworkNormalization.Layer };
int[] sizes = [2, 4, 16, 64];
double?[][] bySize = sizes.Select(size => kinds.Select(kind => Accuracy(options with { Normalization = kind, BatchSize = size, Epochs = 5 })).ToArray()).ToArray();
Print($"{"test accuracy",-16}{string.Concat(kinds.Select(kind => $"{kind,13}"))}");
foreach (var (size, row) in sizes.Zip(bySize))
{
    Print($"{"batches of",-11}{size,-5}{string.Concat(row.Select(accuracy => $"{Text(accuracy),13}"))}");
}

var sizeChart = Chart.Combine(kinds.Select((kind, i) => Chart.Line<int, double, string>(sizes, bySize.Select(row => row[i].Value), ShowMarkers: true, Name: $"{kind}")));
sizeChart.GetLayout().SetProperty("title", "Accuracy on the test rows after 5 epochs");
sizeChart.GetLayout().SetProperty("xaxis", new { title = "rows in a batch", type = "log", tickvals = sizes });
sizeChart.GetLayout().SetProperty("yaxis", new { title = "accuracy", range = new[] { 0, 1 } });
display(sizeChart);

Terminal.Text("""
    6. What the network has learned for gamma and beta
    --------------------------------------------------

    They started at 1 and 0. Each dot is a neuron of the first or the last hidden layer.
    """);

var layers = with.Model.Layers;
foreach (int layer in new[] { 0, 3 })
{
    Print($"layer {layer + 1}: gamma {layers[layer].Gamma.Min():F2} to {layers[layer].Gamma.Max():F2}, beta {layers[layer].Beta.Min():F2} to {layers[layer].Beta.Max():F2}");
}

var scatter = Chart.Combine(new[] { 0, 3 }.Select(layer =>
    Chart.Point<double, double, string>(layers[layer].Gamma, layers[layer].Beta, Name: $"layer {layer + 1}", Opacity: 0.7)));
scatter.GetLayout().SetProperty("title", "Gamma and beta after training");
scatter.GetLayout().SetProperty("xaxis", new { title = "gamma" });
scatter.GetLayout().SetProperty("yaxis", new { title = "beta" });
display(scatter);

Terminal.Text("""
    7. Save and reload
    ------------------

    After training the running averages are constants, so that each normalization is folded into the weights before it: scoring costs nothing extra, and
    a row's score does not depend on the rows around it. The zip keeps the network as it was trained, running averages and all.
    """);

string zip = Path.Combine(Path.GetTempPath(), $"network-{Guid.NewGuid():N}.zip");
mlContext.Model.Save(with, training.Schema, zip);
var loaded = mlContext.Model.LoadWithStatistics(zip, out _);
File.Delete(zip);

float[][] Scores(ITransformer scorer, IDataView data) => scorer.Transform(data).GetColumn<float[]>("Score").ToArray();

float[] first = Scores(with, testing)[0];
float[] firstAlone = Scores(with, mlContext.Data.TakeRows(testing, 1))[0];
float[] firstLoaded = Scores(loaded, testing)[0];
Print($"the first test row alone scores as among the others: {first.SequenceEqual(firstAlone)}");
Print($"the reloaded network scores as the saved one: {first.SequenceEqual(firstLoaded)}");
var metrics = mlContext.MulticlassClassification.Evaluate(loaded.Transform(testing));
Print($"test accuracy {metrics.MicroAccuracy:F3}, log-loss {metrics.LogLoss:F2}");
