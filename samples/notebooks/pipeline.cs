// Generated from pipeline.ipynb: change that, then run eng/notebooks (see README.md here).
//
//     dotnet run pipeline.cs               the text; plots are left out
//     dotnet run pipeline.cs -- plots      plots too, as SVG files in the folder plots
//
// Outside of a clone, replace the next line by: #:package MLNet.BatchNorm@* and #:package Microsoft.ML@5.0.1
#:project ../../src/MLNet.BatchNorm/MLNet.BatchNorm.csproj

using MLNet.BatchNorm;
using Microsoft.ML.Data;
using Microsoft.ML;
using System.Collections.Generic;
using System.Globalization;
using System.IO.Compression;
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
    string path = Path.Combine(Directory.CreateDirectory(args[0]).FullName, $"pipeline-{plotCount}.svg");
    File.WriteAllText(path, html);
    Console.WriteLine($"[plot {plotCount}: {path}]");
}

// # Batch normalization in an ML.NET pipeline
//
// Fit, save, reload, update, and measure drift: the life of a model whose input scaling keeps running statistics. The data are measurements
// of cell nuclei; the label says whether a tumour is benign.


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

// ## 1. Fit
//
// The first 400 rows are last year's, the other 169 arrive later. `BatchNormalize` goes through the rows in batches, as training a network
// would, and keeps running means and variances. At scoring, it uses those. `Momentum = null` weighs all batches alike, so that no batch is
// forgotten; with the default, 0.1, the latest batches count most.

var mlContext = new MLContext(seed: 1);
var all = mlContext.Data.LoadFromTextFile(DataFile("breast_cancer.csv"), new TextLoader.Options
{
    Columns = [new TextLoader.Column("Features", DataKind.Single, 0, 29), new TextLoader.Column("Label", DataKind.Boolean, 30)],
    Separators = [','],
    HasHeader = true,
});
var lastYear = mlContext.Data.TakeRows(all, 400);
var thisYear = mlContext.Data.SkipRows(all, 400);

var pipeline = mlContext.Transforms.BatchNormalize("Features", options: new BatchNormOptions { BatchSize = 50, Momentum = null })
    .Append(mlContext.BinaryClassification.Trainers.LbfgsLogisticRegression(l2Regularization: 0.1f));
var model = pipeline.Fit(lastYear);

void Evaluate(string what, ITransformer scorer, IDataView data)
{
    var metrics = mlContext.BinaryClassification.Evaluate(scorer.Transform(data));
    Print($"{what,-34} accuracy {metrics.Accuracy:F3}, log-loss {metrics.LogLoss:F2}");
}

Evaluate("last year, which it has seen", model, lastYear);
Evaluate("this year", model, thisYear);

// ## 2. Read what it has learned
//
// The report puts the running statistics beside the exact ones of the same pass, feature by feature. *Between batches* is the share of the
// variance that lies between the batches' means: near 0 when rows come in random order, near 1 when they are sorted, which makes batch
// statistics lie.

var batchNorm = model.OfType<BatchNormTransformer>().Single();
Print($"{batchNorm.Report.BatchCount} batches");
Print($"{"feature",-24}{"running mean",14}{"exact mean",12}{"running variance",18}{"exact variance",16}{"between batches",17}");
foreach (var row in batchNorm.Report.Features.Take(6))
{
    Print($"{row.SlotName,-24}{row.RunningMean,14:G4}{row.Statistics.Mean,12:G4}{row.RunningVariance,18:G4}{row.Statistics.PopulationVariance,16:G4}{row.BetweenBatchShare,17:F3}");
}

// ## 3. Save
//
// The zip is plain ML.NET. A program without this package loads it with `mlContext.Model.Load` and scores: below, the same call, and the same
// probabilities. What the statistics need beyond that is one entry more in the zip, which plain ML.NET ignores.

string zip = Path.Combine(Path.GetTempPath(), $"batchnorm-{Guid.NewGuid():N}.zip");
mlContext.Model.Save(model, lastYear.Schema, zip);
using (var archive = ZipFile.OpenRead(zip))
{
    Print($"entries added for the statistics: {archive.Entries.Count(entry => entry.FullName.Contains("MLNet.BatchNorm"))}");
}

float[] Probabilities(ITransformer scorer) => scorer.Transform(thisYear).GetColumn<float>("Probability").ToArray();

var plain = mlContext.Model.Load(zip, out _);
double largest = Probabilities(model).Zip(Probabilities(plain), (a, b) => Math.Abs(a - b)).Max();
Print($"stages of a type of this package in the plain model: {((TransformerChain<ITransformer>)plain).OfType<BatchNormTransformer>().Count()}");
Print($"largest difference of a probability below 0.00001: {largest < 1e-5}");

// ## 4. Reload and update
//
// `LoadWithStatistics` gives the stage back as it was. New rows go on where the first had stopped; the model in use is not touched, the result
// is a new one.

var loaded = (TransformerChain<ITransformer>)mlContext.Model.LoadWithStatistics(zip, out var schema);
File.Delete(zip);
var restored = loaded.OfType<BatchNormTransformer>().Single();
var updated = restored.Update(thisYear);
int area = restored.Columns[0].SlotNames.IndexOf("mean_area");
Print($"saved and reloaded: {restored.Columns[0].BatchCount[area]} batches, running mean of the area {restored.Columns[0].RunningMean[area]:F1}");
Print($"updated:            {updated.Columns[0].BatchCount[area]} batches, running mean of the area {updated.Columns[0].RunningMean[area]:F1}");

// ## 5. Drift
//
// Would you have noticed if the data had changed? `MeasureDrift` compares new rows with the running statistics: how far each mean has moved, in
// standard deviations, and by what factor each variance has changed.
//
// This year's rows as they are; then as a new microscope might give them, which reports all lengths 25% too long and hence all areas 56% too
// large. This year's rows differ from the running statistics by no more than chance explains in so few of them. The new microscope changes the
// sizes.

string[] names = restored.Columns[0].SlotNames.ToArray();
float Magnify(string name, float value) =>
    name.Contains("radius") || name.Contains("perimeter") ? value * 1.25f : name.Contains("area") ? value * 1.25f * 1.25f : value;

var rows = thisYear.GetColumn<float[]>("Features").Zip(thisYear.GetColumn<bool>("Label"), (features, label) => new Measurement
{
    Features = [.. features.Select((value, slot) => Magnify(names[slot], value))],
    Label = label,
}).ToArray();
var newMicroscope = mlContext.Data.LoadFromEnumerable(rows);

// The defaults: a mean may move by a quarter of a standard deviation, and a variance change by a factor of two.
var thresholds = new DriftThresholds();
var asBefore = restored.MeasureDrift(thisYear, thresholds);
var drift = restored.MeasureDrift(newMicroscope, thresholds);
foreach (var (name, report) in new[] { ("As before", asBefore), ("New microscope", drift) })
{
    Print($"{name}: {report.Summary}");
    foreach (var feature in report.Drifted)
    {
        Print($"   {feature.FeatureName,-22} mean shift {feature.MeanShift,5:F2}, variance ratio {feature.VarianceRatio:F2}");
    }
}
double[] slots = Enumerable.Range(0, 30).Select(slot => (double)slot).ToArray();
Plot("How far the mean of each feature has moved", "feature", "standard deviations",
    [("as before", slots, asBefore.Features.Select(feature => feature.MeanShift).ToArray()), ("new microscope", slots, drift.Features.Select(feature => feature.MeanShift).ToArray())], dots: true);

// ## 6. Adapt
//
// The weights were trained on normalized features, so a change of units can be taken back without training again: forget the old statistics and
// normalize the new rows by their own. That needs no labels. It is right when the measuring has changed, and wrong when the world has: then the
// means moved for a reason, and the model should see it.

var adapted = mlContext.Transforms.BatchNormalize("Features", options: restored.Options).Fit(newMicroscope);
var weights = loaded.Last();
Evaluate("this year, as before", model, thisYear);
Evaluate("new microscope, old statistics", model, newMicroscope);
Evaluate("new microscope, own statistics", adapted.Append(weights), newMicroscope);

class Measurement
{
    [VectorType(30)]
    public float[] Features { get; set; }

    public bool Label { get; set; }
}
