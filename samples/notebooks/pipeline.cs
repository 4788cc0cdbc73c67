// Generated from pipeline.ipynb: change that, then run eng/notebooks (see README.md here).
//
//     dotnet run pipeline.cs                     text, numbers, and charts as lines of blocks
//     dotnet run pipeline.cs -- charts.html      the charts drawn too, on that page
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
using System.IO.Compression;
using System.IO;
using System.Linq;
using System;

Console.OutputEncoding = System.Text.Encoding.UTF8;

// A notebook shows its charts between the cells. Here, Terminal.cs stands in for it.
void display(Plotly.NET.GenericChart chart) => Terminal.Show(chart);

Terminal.Text("""
    Batch normalization in an ML.NET pipeline
    =========================================

    Fit, save, reload, update, and measure drift: the life of a model whose input scaling keeps running statistics. The data are measurements
    of cell nuclei; the label says whether a tumour is benign.
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
    1. Fit
    ------

    The first 400 rows are last year's, the other 169 arrive later. `BatchNormalize` goes through the rows in batches, as training a network
    would, and keeps running means and variances. At scoring, it uses those. `Momentum = null` weighs all batches alike, so that no batch is
    forgotten; with the default, 0.1, the latest batches count most.
    """);

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

Terminal.Text("""
    2. Read what it has learned
    ---------------------------

    The report puts the running statistics beside the exact ones of the same pass, feature by feature. Between batches is the share of the
    variance that lies between the batches' means: near 0 when rows come in random order, near 1 when they are sorted, which makes batch
    statistics lie.
    """);

var batchNorm = model.OfType<BatchNormTransformer>().Single();
Print($"{batchNorm.Report.BatchCount} batches");
Print($"{"",-20}{"mean",22}{"variance",26}{"between",10}");
Print($"{"feature",-20}{"running",12}{"exact",10}{"running",14}{"exact",12}{"batches",10}");
foreach (var row in batchNorm.Report.Features.Take(6))
{
    Print($"{row.SlotName,-20}{row.RunningMean,12:G4}{row.Statistics.Mean,10:G4}{row.RunningVariance,14:G4}{row.Statistics.PopulationVariance,12:G4}{row.BetweenBatchShare,10:F3}");
}

Terminal.Text("""
    3. Save
    -------

    The zip is plain ML.NET. A program without this package loads it with `mlContext.Model.Load` and scores: below, the same call, and the same
    probabilities. What the statistics need beyond that is one entry more in the zip, which plain ML.NET ignores.
    """);

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

Terminal.Text("""
    4. Reload and update
    --------------------

    `LoadWithStatistics` gives the stage back as it was. New rows go on where the first had stopped; the model in use is not touched, the result
    is a new one.
    """);

var loaded = (TransformerChain<ITransformer>)mlContext.Model.LoadWithStatistics(zip, out var schema);
File.Delete(zip);
var restored = loaded.OfType<BatchNormTransformer>().Single();
var updated = restored.Update(thisYear);
int area = restored.Columns[0].SlotNames.IndexOf("mean_area");
Print($"saved and reloaded: {restored.Columns[0].BatchCount[area]} batches, running mean of the area {restored.Columns[0].RunningMean[area]:F1}");
Print($"updated:            {updated.Columns[0].BatchCount[area]} batches, running mean of the area {updated.Columns[0].RunningMean[area]:F1}");

Terminal.Text("""
    5. Drift
    --------

    Would you have noticed if the data had changed? `MeasureDrift` compares new rows with the running statistics: how far each mean has moved, in
    standard deviations, and by what factor each variance has changed.

    This year's rows as they are; then as a new microscope might give them, which reports all lengths 25% too long and hence all areas 56% too
    large. This year's rows differ from the running statistics by no more than chance explains in so few of them. The new microscope changes the
    sizes.
    """);

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
var shifts = Chart.Combine([
    Chart.Point<string, double, string>(names, drift.Features.Select(feature => feature.MeanShift), Name: "new microscope"),
    Chart.Point<string, double, string>(names, asBefore.Features.Select(feature => feature.MeanShift), Name: "as before", MarkerSymbol: Plotly.NET.StyleParam.MarkerSymbol.X),
]).WithSize(Height: 500);
shifts.GetLayout().SetProperty("title", "How far the mean of each feature has moved");
shifts.GetLayout().SetProperty("xaxis", new { title = "", dtick = 1, tickangle = -90, tickfont = new { size = 10 } });
shifts.GetLayout().SetProperty("yaxis", new { title = "standard deviations" });
display(shifts);

Terminal.Text("""
    6. Adapt
    --------

    The weights were trained on normalized features, so a change of units can be taken back without training again: forget the old statistics and
    normalize the new rows by their own. That needs no labels. It is right when the measuring has changed, and wrong when the world has: then the
    means moved for a reason, and the model should see it.
    """);

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
