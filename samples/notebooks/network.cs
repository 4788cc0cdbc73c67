// Generated from network.ipynb: change that, then run eng/notebooks (see README.md here).
//
//     dotnet run network.cs               the text; plots are left out
//     dotnet run network.cs -- plots      plots too, as SVG files in the folder plots
//
// Outside of a clone, replace the next line by: #:package MLNet.BatchNorm@* and #:package Microsoft.ML@5.0.1
#:project ../../src/MLNet.BatchNorm/MLNet.BatchNorm.csproj

using MLNet.BatchNorm;
using Microsoft.ML.Data;
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
    string path = Path.Combine(Directory.CreateDirectory(args[0]).FullName, $"network-{plotCount}.svg");
    File.WriteAllText(path, html);
    Console.WriteLine($"[plot {plotCount}: {path}]");
}

// # Batch normalization in a network
//
// Handwritten digits, 8 x 8 pixels, and a multilayer perceptron as an ML.NET trainer: with and without batch normalization, at different learning
// rates and batch sizes; what the layers see; and what is left of it all in the saved model.


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
// 1797 digits; the first 1400 for training, the others, by other writers, for testing. Pixels are 0..16 and become 0..1: a min-max scaling whose
// range is known beforehand.

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

// ## 2. With and without
//
// Four hidden layers of 50 neurons, plain stochastic gradient descent, learning rate 0.05. The two networks start from the same weights and see the
// same batches.

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
double[] epochs = Enumerable.Range(1, 15).Select(epoch => (double)epoch).ToArray();
Plot("Training loss", "epoch", "loss",
    [("without", epochs, without.Model.History.Select(epoch => epoch.TrainingLoss).ToArray()), ("with", epochs, with.Model.History.Select(epoch => epoch.TrainingLoss).ToArray())], logY: true);

// ## 3. What the layers see
//
// The standard deviation of the input of each layer's activation function, over the same 256 rows, after every epoch.

foreach (var (name, network) in new[] { ("Without", without), ("With", with) })
{
    var history = network.Model.History;
    Print($"{name,-8} after epoch 1: {string.Join("  ", history[0].Activations.Select(layer => FormattableString.Invariant($"{layer.StandardDeviation:F2}")))}   after epoch 15: {string.Join("  ", history[^1].Activations.Select(layer => FormattableString.Invariant($"{layer.StandardDeviation:F2}")))}");
    Plot($"{name} batch normalization", "epoch", "standard deviation",
        [.. Enumerable.Range(0, 4).Select(layer => ($"layer {layer + 1}", epochs, history.Select(epoch => epoch.Activations[layer].StandardDeviation).ToArray()))]);
}

// ## 4. Learning rates
//
// At a small rate, batch normalization is a little ahead. At a large one, the plain network learns nothing or diverges, and the best result of the
// table becomes possible.

string Accuracy(MultilayerPerceptronOptions changed)
{
    try
    {
        return FormattableString.Invariant($"{Train(changed with { MeasureActivations = false }).Model.History[^1].ValidationMetric:F3}");
    }
    catch (NetworkDivergedException)
    {
        return "diverged";
    }
}

Print($"{"learning rate",-16}{"without",10}{"with",10}");
foreach (double rate in new[] { 0.001, 0.01, 0.1, 1, 3 })
{
    var changed = options with { LearningRate = rate, Epochs = 8 };
    Print($"{rate,-16}{Accuracy(changed with { Normalization = NetworkNormalization.None }),10}{Accuracy(changed),10}");
}

// ## 5. Small batches
//
// With two rows in a batch, its mean and variance say little: batch normalization fails. Batch renormalization, which corrects them towards the running
// averages, fails later, and layer normalization, which does without the batch, not at all.

var kinds = new[] { NetworkNormalization.None, NetworkNormalization.Batch, NetworkNormalization.BatchRenorm, NetworkNormalization.Layer };
Print($"{"test accuracy",-16}{string.Concat(kinds.Select(kind => $"{kind,13}"))}");
foreach (int size in new[] { 2, 4, 16, 64 })
{
    Print($"{"batches of",-11}{size,-5}{string.Concat(kinds.Select(kind => $"{Accuracy(options with { Normalization = kind, BatchSize = size, Epochs = 5 }),13}"))}");
}

// ## 6. What the network has learned for gamma and beta
//
// They started at 1 and 0. Each dot is a neuron of the first or the last hidden layer.

var layers = with.Model.Layers;
foreach (int layer in new[] { 0, 3 })
{
    Print($"layer {layer + 1}: gamma {layers[layer].Gamma.Min():F2} to {layers[layer].Gamma.Max():F2}, beta {layers[layer].Beta.Min():F2} to {layers[layer].Beta.Max():F2}");
}
Plot("Gamma and beta after training", "gamma", "beta",
    [.. new[] { 0, 3 }.Select(layer => ($"layer {layer + 1}", layers[layer].Gamma.ToArray(), layers[layer].Beta.ToArray()))], dots: true);

// ## 7. Save and reload
//
// After training the running averages are constants, so that each normalization is folded into the weights before it: scoring costs nothing extra, and
// a row's score does not depend on the rows around it. The zip keeps the network as it was trained, running averages and all.

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
