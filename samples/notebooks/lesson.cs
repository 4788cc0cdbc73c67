// Generated from lesson.ipynb: change that, then run eng/notebooks (see README.md here).
//
//     dotnet run lesson.cs                     text, numbers, and charts as lines of blocks
//     dotnet run lesson.cs -- charts.html      the charts drawn too, on that page
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
    Scaling and batch normalization, from the beginning
    ===================================================

    Why features are scaled before training, how batch normalization carries the idea into a network, and where it does not help. Every claim
    comes with a number that is computed right after it.
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
    1. Why scale
    ------------

    Four people. Salaries are a thousand times larger than ages, for no better reason than their unit. In the distance between two people,
    hardly anything else counts.
    """);

string[] names = ["Age", "Salary", "Height", "Weight"];
double[][] people = [[25, 35000, 170, 65], [30, 50000, 175, 72], [28, 42000, 168, 60], [35, 65000, 180, 78]];

double[] Column(double[][] rows, int feature) => rows.Select(row => row[feature]).ToArray();
double Variance(double[] values) => values.Average(value => Math.Pow(value - values.Average(), 2));
double Deviation(double[] values) => Math.Sqrt(Variance(values));

double[] squares = people[0].Zip(people[1], (a, b) => (a - b) * (a - b)).ToArray();
Print($"{"feature",-8}{"mean",10}{"deviation",12}{"share of the squared distance, person 1 to 2",48}");
for (int feature = 0; feature < 4; feature++)
{
    double[] values = Column(people, feature);
    Print($"{names[feature],-8}{values.Average(),10:F2}{Deviation(values),12:F2}{squares[feature] / squares.Sum(),48:P5}");
}

Terminal.Text("""
    A model that is trained by following gradients feels the same. The mean squared error of a linear model is a bowl over its weights; how
    steep the bowl is in each direction are the eigenvalues of the features' second moments. If the steepest and the flattest direction
    differ by a factor of a million, then a step that is small enough for the first is a million times too small for the second. That factor
    is called the condition number.
    """);

// 300 people of whom age (years) and salary (dollars) are known, and a target to which both matter alike.
var random = new Random(1);
double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
double[][] raw = Enumerable.Range(0, 300).Select(_ => new[] { 30 + (4 * Normal()), 48000 + (11000 * Normal()) }).ToArray();
double[] target = raw.Select(row => ((row[0] - 30) / 4) - ((row[1] - 48000) / 11000) + (0.1 * Normal())).ToArray();

// Eigenvalues of the 2 x 2 matrix of second moments, the smaller one first.
(double Flat, double Steep) Curvature(double[][] rows)
{
    double a = rows.Average(row => row[0] * row[0]), b = rows.Average(row => row[0] * row[1]), c = rows.Average(row => row[1] * row[1]);
    double steep = ((a + c) / 2) + Math.Sqrt(Math.Pow((a - c) / 2, 2) + (b * b));
    return (((a * c) - (b * b)) / steep, steep);
}

var (flat, steep) = Curvature(raw);
Print($"raw: steepest {steep:0.0E0}, flattest {flat:0.0}, condition number {steep / flat:0.0E0}");

// The loss as one weight moves by so much, and the other stays 0.
double Loss(double[][] rows, double ageWeight, double salaryWeight) =>
    rows.Select((row, i) => Math.Pow((row[0] * ageWeight) + (row[1] * salaryWeight) - target[i], 2)).Average() / 2;

double[] moves = Enumerable.Range(-20, 41).Select(i => i * 1e-5).ToArray();
var steepness = Chart.Combine([
    Chart.Line<double, double, string>(moves, moves.Select(move => Loss(raw, move, 0)), Name: "of age"),
    Chart.Line<double, double, string>(moves, moves.Select(move => Loss(raw, 0, move)), Name: "of salary"),
]);
steepness.GetLayout().SetProperty("title", "Steep in one direction, flat in the other");
steepness.GetLayout().SetProperty("xaxis", new { title = "weight", tickformat = ".4~f" });
steepness.GetLayout().SetProperty("yaxis", new { title = "loss" });
display(steepness);

Terminal.Text("""
    2. Min-max scaling
    ------------------

        x' = (x - min) / (max - min)

    The smallest value becomes 0, the largest 1, and relative distances stay as they are: someone halfway between two others still is.
    """);

var mlContext = new MLContext(seed: 1);

IDataView View(double[][] rows)
{
    var definition = SchemaDefinition.Create(typeof(Row));
    definition["Features"].ColumnType = new VectorDataViewType(NumberDataViewType.Double, rows[0].Length);
    return mlContext.Data.LoadFromEnumerable(rows.Select(row => new Row { Features = row }), definition);
}

double[][] Read(IDataView view) => view.GetColumn<double[]>("Features").ToArray();

void Show(double[][] rows)
{
    Print($"{string.Concat(names.Select(name => $"{name,10}"))}");
    foreach (double[] row in rows)
    {
        Print($"{string.Concat(row.Select(value => FormattableString.Invariant($"{value,10:F4}")))}");
    }
}

double[][] unit = Read(mlContext.Transforms.ScaleMinMax("Features").Fit(View(people)).Transform(View(people)));
Show(unit);

Terminal.Text("""
    3. Standardization
    ------------------

        x' = (x - mean) / (standard deviation)

    Every feature gets mean 0 and standard deviation 1. It is the usual choice for tables, whose columns have different distributions: one
    outlier moves the mean a little, but it would squeeze all the others together under min-max scaling.
    """);

var standardization = mlContext.Transforms.Standardize("Features").Fit(View(people));
double[][] standard = Read(standardization.Transform(View(people)));
Show(standard);
for (int feature = 0; feature < 4; feature++)
{
    Print($"{names[feature],-8} mean {Math.Abs(standard.Average(row => row[feature])):F6}, standard deviation {Deviation(Column(standard, feature)):F6}");
}

Terminal.Text("""
    4. What scaling does to training
    --------------------------------

    Gradient descent on the people above, from weights 0. It diverges as soon as the learning rate exceeds 2 / (steepest curvature), so each
    run uses half of that: the best that is safe.

    Raw, the rate must be minute, and the weight of age hardly moves. Standardized, the gradient's two parts are of one size, and a few
    steps do what millions of raw ones could not.
    """);

(double[] Loss, double[] FirstGradient) Descend(double[][] rows, double rate, int steps)
{
    double[] weights = new double[2], losses = new double[steps], first = null;
    for (int step = 0; step < steps; step++)
    {
        double[] errors = rows.Select((row, i) => (row[0] * weights[0]) + (row[1] * weights[1]) - target[i]).ToArray();
        double[] gradient = [.. Enumerable.Range(0, 2).Select(feature => rows.Select((row, i) => row[feature] * errors[i]).Average())];
        losses[step] = errors.Average(error => error * error) / 2;
        first ??= gradient;
        weights = [.. weights.Zip(gradient, (weight, slope) => weight - (rate * slope))];
    }
    return (losses, first);
}

double[][] Transformed(IEstimator<ITransformer> estimator) => Read(estimator.Fit(View(raw)).Transform(View(raw)));

Print($"{"",-14}{"condition",10}{"learning",12}{"gradient of",20}{"loss after",15}");
Print($"{"",-14}{"number",10}{"rate",12}{"salary / of age",20}{"100 steps",15}");
var curves = new List<(string Name, double[] Loss)>();
foreach (var (name, rows) in new[]
{
    ("raw", raw),
    ("min-max", Transformed(mlContext.Transforms.ScaleMinMax("Features"))),
    ("standardized", Transformed(mlContext.Transforms.Standardize("Features"))),
})
{
    var curvature = Curvature(rows);
    double rate = 1 / curvature.Steep;
    var run = Descend(rows, rate, 100);
    double balance = Math.Abs(run.FirstGradient[1] / run.FirstGradient[0]);
    Print($"{name,-14}{curvature.Steep / curvature.Flat,10:G3}{rate,12:G2}{balance,20:G3}{run.Loss[^1],15:F4}");
    curves.Add((name, run.Loss));
}

int[] steps = Enumerable.Range(0, 100).ToArray();
var descent = Chart.Combine(curves.Select(curve => Chart.Line<int, double, string>(steps, curve.Loss, Name: curve.Name)));
descent.GetLayout().SetProperty("title", "Gradient descent, each with its best safe learning rate");
descent.GetLayout().SetProperty("xaxis", new { title = "step" });
descent.GetLayout().SetProperty("yaxis", new { title = "loss", type = "log", dtick = 1 });
display(descent);

double[] exploded = Descend(raw, 0.5, 20).Loss;
Print($"raw, with a learning rate of 0.5: loss {exploded[0]:F2} at first, {exploded[5]:0E0} after five steps");

Terminal.Text("""
    5. Images
    ---------

    Pixels are bytes. They are divided by 255, so that they lie in 0..1: a min-max scaling whose range is known beforehand. Then each colour
    channel is standardized with the mean and standard deviation of all its pixels in the data set. `ChannelAxis` says which axis of the
    image is the channel.
    """);

// 200 images of 3 channels x 8 x 8 pixels: reddish, each lighter or darker as a whole.
var images = Enumerable.Range(0, 200).Select(_ =>
{
    double light = 25 * Normal();
    return new Image { Pixels = [.. Enumerable.Range(0, 192).Select(i => (float)Math.Clamp(Math.Round(new[] { 170, 110, 70 }[i / 64] + light + (20 * Normal())), 0, 255))] };
}).ToArray();

var imageView = mlContext.Data.LoadFromEnumerable(images);
var toUnit = mlContext.Transforms.ScaleMinMax("Pixels", options: new MinMaxScalingOptions { DataMinimum = 0, DataMaximum = 255 });
var perChannel = mlContext.Transforms.Standardize("Pixels", options: new StandardizationOptions { ChannelAxis = 0 });
var imageModel = toUnit.Append(perChannel).Fit(imageView);
float[][] before = images.Select(image => image.Pixels).ToArray();
float[][] after = imageModel.Transform(imageView).GetColumn<float[]>("Pixels").ToArray();
for (int channel = 0; channel < 3; channel++)
{
    double[] bytes = before.SelectMany(pixels => pixels.Skip(64 * channel).Take(64)).Select(value => (double)value).ToArray();
    double[] scaled = after.SelectMany(pixels => pixels.Skip(64 * channel).Take(64)).Select(value => (double)value).ToArray();
    Print($"{new[] { "red", "green", "blue" }[channel],-6} bytes: mean {bytes.Average(),6:F1}, deviation {Deviation(bytes):F1}   scaled: mean {Math.Abs(scaled.Average()):F4}, deviation {Deviation(scaled):F4}");
}

Terminal.Text("""
    6. Inside a network, the inputs do not stay scaled
    --------------------------------------------------

    The first layer sees features that were scaled once. The second sees what the first makes of them, and that changes with every step of
    the first layer's weights. The distributions shift (internal covariate shift), and every layer aims at a moving target.

    Here are two networks of four hidden layers, learning to tell three kinds of wine apart; they differ in nothing but batch normalization.
    At the end of each epoch, the input of the last activation function is measured over the same rows.
    """);

var wine = mlContext.Data.LoadFromTextFile(DataFile("wine.csv"), new TextLoader.Options
{
    Columns = [new TextLoader.Column("Features", DataKind.Single, 0, 12), new TextLoader.Column("Cultivar", DataKind.Single, 13)],
    Separators = [','],
    HasHeader = true,
});

MultilayerPerceptronModel Train(MultilayerPerceptronOptions options, bool scaled = true)
{
    var labels = mlContext.Transforms.Conversion.MapValueToKey("Label", "Cultivar");
    var trainer = mlContext.MulticlassClassification.Trainers.MultilayerPerceptron(options);
    return scaled
        ? labels.Append(mlContext.Transforms.Standardize("Features")).Append(trainer).Fit(wine).LastTransformer.Model
        : labels.Append(trainer).Fit(wine).LastTransformer.Model;
}

var network = new MultilayerPerceptronOptions
{
    HiddenLayers = [20, 20, 20, 20],
    Optimizer = new NetworkOptimizer.Sgd(),
    LearningRate = 0.1,
    LearningRateSchedule = new LearningRateSchedule.Constant(),
    Dropout = 0,
    NormalizationStatistics = NormalizationStatistics.Running,
    BatchSize = 32,
    Epochs = 40,
    MeasureActivations = true,
    NumberOfThreads = 1,
};
int[] epochs = Enumerable.Range(1, 40).ToArray();
var spreads = new List<Plotly.NET.GenericChart>();
foreach (var (name, kind) in new[] { ("no normalization", NetworkNormalization.None), ("batch normalization", NetworkNormalization.Batch) })
{
    var activations = Train(network with { Normalization = kind }).History.Select(epoch => epoch.Activations[^1]).ToArray();
    Print($"{name,-19}  mean {activations[0].Mean,6:F2} -> {activations[^1].Mean,6:F2}   standard deviation {activations[0].StandardDeviation:F2} -> {activations[^1].StandardDeviation:F2}");
    spreads.Add(Chart.Line<int, double, string>(epochs, activations.Select(one => one.StandardDeviation), Name: name));
}
var spread = Chart.Combine(spreads);
spread.GetLayout().SetProperty("title", "What the last activation function sees");
spread.GetLayout().SetProperty("xaxis", new { title = "epoch" });
spread.GetLayout().SetProperty("yaxis", new { title = "standard deviation", rangemode = "tozero" });
display(spread);

Terminal.Text("""
    7. Batch normalization
    ----------------------

    For each mini-batch of m rows, and for each neuron j on its own:

        μ_j = 1/m Σ_i z_ij
        σ_j² = 1/m Σ_i (z_ij - μ_j)²
        ẑ_ij = (z_ij - μ_j) / √(σ_j² + ε)

    By hand for a batch of four rows and two neurons, and by the library's layer:
    """);

double[] batch = [1, 200, 2, 220, 3, 210, 6, 190];
double[] byHand = new double[8];
for (int neuron = 0; neuron < 2; neuron++)
{
    double mean = Enumerable.Range(0, 4).Average(row => batch[(2 * row) + neuron]);
    double variance = Enumerable.Range(0, 4).Average(row => Math.Pow(batch[(2 * row) + neuron] - mean, 2));
    for (int row = 0; row < 4; row++)
    {
        byHand[(2 * row) + neuron] = (batch[(2 * row) + neuron] - mean) / Math.Sqrt(variance + 1e-5);
    }
}
double[] byLayer = new double[8];
new BatchNormLayer(2, epsilon: 1e-5).Forward<double>(batch, byLayer, rowCount: 4, training: true);
for (int row = 0; row < 4; row++)
{
    Print($"({batch[2 * row]}, {batch[(2 * row) + 1]})   by hand ({byHand[2 * row],7:F4}, {byHand[(2 * row) + 1],7:F4})   layer ({byLayer[2 * row],7:F4}, {byLayer[(2 * row) + 1],7:F4})");
}

Terminal.Text("""
    8. Gamma and beta
    -----------------

    Mean 0 and variance 1 may not be what the next layer needs. So the layer may undo it: y = γẑ + β, with γ and β
    learned like any weight, by the gradients that the layer computes. Suppose that mean 5 and variance 20 were best: then β has to
    become 5 and γ the square root of 20, about 4.472.
    """);

const int Rows = 256;
var layer = new BatchNormLayer(1);
double[] input = Enumerable.Range(0, Rows).Select(_ => 100 + (3 * Normal())).ToArray();
double[] wanted = input.Select(z => 5 + (Math.Sqrt(20) * (z - input.Average()) / Deviation(input))).ToArray();
double[] output = new double[Rows], outputGradient = new double[Rows], inputGradient = new double[Rows];
for (int step = 0; step <= 60; step++)
{
    layer.Forward<double>(input, output, Rows, training: true);
    for (int row = 0; row < Rows; row++)
    {
        outputGradient[row] = (output[row] - wanted[row]) / Rows;
    }
    layer.Backward<double>(input, outputGradient, inputGradient, Rows);
    if (step % 20 == 0)
    {
        Print($"step {step,2}: gamma {layer.Gamma[0]:F4}, beta {layer.Beta[0]:F4}, output mean {output.Average():F3}, output variance {Variance(output):F3}");
    }
    layer.Gamma[0] -= 0.2 * layer.GammaGradient[0];
    layer.Beta[0] -= 0.2 * layer.BetaGradient[0];
}

Terminal.Text("""
    9. Training uses the batch, which adds noise
    --------------------------------------------

    The output for a row depends on the rows that share its batch. Below, the value 1 is normalized again and again, each time among other
    values, drawn from a normal distribution. The larger the batch, the less its output varies. A little of this noise helps against
    overfitting; much of it is in the way.
    """);

double[] NormalizedOne(int batchSize, int times)
{
    var noisy = new BatchNormLayer(1);
    double[] values = new double[batchSize], results = new double[batchSize], outputs = new double[times];
    for (int time = 0; time < times; time++)
    {
        for (int row = 1; row < batchSize; row++)
        {
            values[row] = Normal();
        }
        values[0] = 1;
        noisy.Forward<double>(values, results, batchSize, training: true);
        outputs[time] = results[0];
    }
    return outputs;
}

int[] sizes = [4, 8, 16, 32, 64, 128, 256];
double[] noise = sizes.Select(size => Deviation(NormalizedOne(size, 2000))).ToArray();
foreach (var (size, deviation) in sizes.Zip(noise))
{
    Print($"batch of {size,3}: the output of the value 1 varies with a standard deviation of {deviation:F3}");
}
var noises = Chart.Line<int, double, string>(sizes, noise, ShowMarkers: true, Name: "value 1");
noises.GetLayout().SetProperty("title", "Noise of the output in training");
noises.GetLayout().SetProperty("xaxis", new { title = "batch size", type = "log", tickvals = sizes });
noises.GetLayout().SetProperty("yaxis", new { title = "standard deviation", type = "log", tickvals = new[] { 0.05, 0.1, 0.2, 0.5, 1 } });
display(noises);

Terminal.Text("""
    10. Running averages
    --------------------

    While training goes on, the layer keeps averages of what the batches showed:

        μ_run ← (1 - α) μ_run + α μ_B
        σ²_run ← (1 - α) σ²_run + α σ²_B

    They approach the true mean and variance. How they start matters for a while: from 0 and 1, as other libraries do, ten batches are not
    enough. This library takes out the start's share by default (`Debiased`). With `momentum: null` all batches count alike.
    """);

// The truth: mean 50, standard deviation 8, variance 64. Batches of 32.
var starts = new[]
{
    ("from 0 and 1", new RunningMoments(1, 0.1, runningStart: RunningStart.ZeroOne)),
    ("debiased", new RunningMoments(1, 0.1)),
    ("plain average", new RunningMoments(1, momentum: null)),
};
Print($"{"running mean and variance",-26}{string.Concat(starts.Select(one => $"{one.Item1,17}"))}");
var means = starts.Select(_ => new List<double>()).ToArray();
for (int count = 1; count <= 100; count++)
{
    var moments = new FeatureMoments(1);
    moments.AddRows<double>(Enumerable.Range(0, 32).Select(_ => 50 + (8 * Normal())).ToArray(), 32);
    for (int i = 0; i < starts.Length; i++)
    {
        starts[i].Item2.Update(moments);
        means[i].Add(starts[i].Item2.Mean[0]);
    }
    if (count is 1 or 10 or 100)
    {
        Print($"after {count,3} batches{"",-9}{string.Concat(starts.Select(one => FormattableString.Invariant($"{one.Item2.Mean[0],11:F2}{one.Item2.Variance[0],6:F1}")))}");
    }
}
int[] batches = Enumerable.Range(1, 100).ToArray();
var approach = Chart.Combine(starts.Select((one, i) => Chart.Line<int, double, string>(batches, means[i], Name: one.Item1)));
approach.GetLayout().SetProperty("title", "Running mean; the true mean is 50");
approach.GetLayout().SetProperty("xaxis", new { title = "batches" });
approach.GetLayout().SetProperty("yaxis", new { title = "running mean", rangemode = "tozero" });
display(approach);

Terminal.Text("""
    11. Inference uses the running averages
    ---------------------------------------

        ẑ = (z - μ_run) / √(σ²_run + ε)

    Nothing here depends on the batch: a row alone gives the same output as among others, now and later.
    """);

var trained = new BatchNormLayer(1);
double[] some = new double[64], scratch = new double[64];
for (int step = 0; step < 200; step++)
{
    for (int row = 0; row < 64; row++)
    {
        some[row] = 50 + (8 * Normal());
    }
    trained.Forward<double>(some, scratch, 64, training: true);
}
some[0] = 58;
double[] alone = new double[1];
trained.Forward<double>([58], alone, 1, training: false);
trained.Forward<double>(some, scratch, 64, training: false);
Print($"running mean {trained.RunningMean[0]:F2}, running variance {trained.RunningVariance[0]:F2}");
Print($"58 alone: {alone[0]:F4}; 58 among 63 others: {scratch[0]:F4}; the same: {alone[0] == scratch[0]}");

Terminal.Text("""
    12. Why it works
    ----------------

    With distributions that stay where they are, the loss is smoother, gradients arrive at the first layers, and steps may be larger. The
    networks of section 6 again, at growing learning rates and with different initial weights. (A network that diverges stops with an
    exception. A loss of 1.09 is that of guessing.)

    With a good learning rate and good initial weights, this easy problem needs no help, and the noise of batch statistics even costs a
    little. What batch normalization buys is that neither has to be good: rates of 3 and weights that stop the plain network are fine with it.
    """);

string FinalLoss(MultilayerPerceptronOptions options)
{
    try
    {
        return FormattableString.Invariant($"{Train(options).History[^1].TrainingLoss:F3}");
    }
    catch (NetworkDivergedException)
    {
        return "diverged";
    }
}

var quick = network with { MeasureActivations = false };
Print($"{"training loss after 40 epochs",-34}{"no normalization",18}{"batch normalization",22}");
foreach (double rate in new[] { 0.01, 0.1, 1, 3, 10 })
{
    var changed = quick with { LearningRate = rate };
    Print($"{"learning rate",-27}{rate,-7}{FinalLoss(changed with { Normalization = NetworkNormalization.None }),18}{FinalLoss(changed),22}");
}
foreach (double deviation in new[] { 0.01, 0.03, 0.3, 1, 3 })
{
    var changed = quick with { Initialization = new WeightInitialization.Normal(deviation) };
    Print($"{"initial weights, deviation",-27}{deviation,-7}{FinalLoss(changed with { Normalization = NetworkNormalization.None }),18}{FinalLoss(changed),22}");
}

Terminal.Text("""
    13. Where it does not help
    --------------------------

    Small batches: their mean and variance are poor estimates, so what the network sees in training is not what it will see afterwards. The
    table shows how far apart the two are, in standard deviations.

    `LayerNormLayer` normalizes each row over its features instead. It has no batch in it, hence no difference at all; this is what recurrent
    models and transformers use, where one layer is applied again and again and every step would need running averages of its own.
    `BatchRenormLayer` keeps batch normalization but corrects it towards the running averages.
    """);

const int Features = 16;
double Mismatch(NormalizationLayer normalization, int batchSize)
{
    int count = batchSize * Features;
    double[] values = new double[count], training = new double[count], inference = new double[count];
    double sum = 0;
    for (int step = 0; step < 1000; step++)
    {
        for (int i = 0; i < count; i++)
        {
            values[i] = 3 + (2 * Normal());
        }
        normalization.Forward<double>(values, training, batchSize, training: true);
        normalization.Forward<double>(values, inference, batchSize, training: false);
        // The first steps only warm the running averages up.
        sum += step < 200 ? 0 : training.Zip(inference, (a, b) => (a - b) * (a - b)).Average();
    }
    return Math.Sqrt(sum / 800);
}

Print($"{"batch size",-12}{"batch norm",12}{"batch renorm",14}{"layer norm",12}");
foreach (int size in new[] { 2, 4, 8, 32, 128 })
{
    Print($"{size,-12}{Mismatch(new BatchNormLayer(Features), size),12:F3}{Mismatch(new BatchRenormLayer(Features), size),14:F3}{Mismatch(new LayerNormLayer(Features), size),12:F3}");
}

Terminal.Text("""
    14. At the start, or throughout?
    --------------------------------

    Scaling the input helps the first layer. Batch normalization extends the idea to all of them. Here is the network of section 6 with
    either, both and none; the wines' raw features range from 0.1 to 1680. Raw and without normalization, it learns nothing. Batch
    normalization alone saves the training, but it does not replace scaling the input: the first weights still see one huge feature.
    """);

Print($"{"training loss after 40 epochs",-34}{"no normalization",18}{"batch normalization",22}");
foreach (bool scaled in new[] { false, true })
{
    string[] results = new[] { NetworkNormalization.None, NetworkNormalization.Batch }.Select(kind =>
    {
        try
        {
            return FormattableString.Invariant($"{Train(quick with { Normalization = kind }, scaled).History[^1].TrainingLoss:F3}");
        }
        catch (NetworkDivergedException)
        {
            return "diverged";
        }
    }).ToArray();
    Print($"{(scaled ? "standardized input" : "raw input"),-34}{results[0],18}{results[1],22}");
}

Terminal.Text("""
    Next: pipeline.ipynb uses batch normalization in an ML.NET pipeline, convergence.ipynb shows what
    scaling does to ML.NET's linear trainers, and network.ipynb goes deeper into networks.
    """);

class Row
{
    public double[] Features { get; set; }
}

class Image
{
    [VectorType(3, 8, 8)]
    public float[] Pixels { get; set; }
}
