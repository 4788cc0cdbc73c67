using System.Diagnostics;
using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.BatchNorm.Benchmarks.Quality;

/// <summary>Compares the network with LightGBM and linear trainers, each with its defaults, and prints the table of docs/networks.md.</summary>
internal static class QualityTable
{
    private static readonly MultilayerPerceptronOptions Defaults = new();

    // What the defaults were before they were chosen by this comparison.
    private static readonly MultilayerPerceptronOptions EarlierDefaults = new()
    {
        HiddenLayers = [100],
        LearningRate = 0.001,
        LearningRateSchedule = new LearningRateSchedule.Constant(),
        BatchSize = 64,
        Epochs = 100,
        Dropout = 0,
        NormalizationStatistics = NormalizationStatistics.Running,
    };

    private static readonly Dictionary<string, Func<MLContext, bool, IEstimator<ITransformer>>> Trainers = new()
    {
        ["linear"] = (mlContext, isRegression) => isRegression
            ? mlContext.Regression.Trainers.Sdca()
            : mlContext.MulticlassClassification.Trainers.LbfgsMaximumEntropy(),
        ["LightGBM"] = (mlContext, isRegression) => isRegression
            ? mlContext.Regression.Trainers.LightGbm()
            : mlContext.MulticlassClassification.Trainers.LightGbm(),
        ["network"] = (mlContext, isRegression) => Network(mlContext, isRegression, Defaults),
        ["network, no normalization"] = (mlContext, isRegression) => Network(mlContext, isRegression, Defaults with { Normalization = NetworkNormalization.None }),
        ["one layer"] = (mlContext, isRegression) => Network(mlContext, isRegression, EarlierDefaults),
    };

    /// <summary>Prints a row per set and trainer.</summary>
    /// <param name="names">Trainers and sets to take; all sets where none is named, and likewise the trainers.</param>
    /// <param name="output">Where the table goes.</param>
    public static void Print(IReadOnlyCollection<string> names, TextWriter output)
    {
        string[] trainers = [.. Trainers.Keys.Where(names.Contains)];
        QualityData[] sets = [.. QualityData.All.Where(set => names.Contains(set.Name))];
        output.WriteLine("| data | trainer | accuracy or R2 | log loss or RMSE | seconds |");
        output.WriteLine("|---|---|---|---|---|");
        foreach (QualityData set in sets.Length > 0 ? sets : QualityData.All)
        {
            foreach (string trainer in trainers.Length > 0 ? trainers : [.. Trainers.Keys])
            {
                (double quality, double loss, double seconds) = Measure(set, Trainers[trainer]);
                output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {set.Name} | {trainer} | {quality:F4} | {loss:G4} | {seconds:F2} |"));
                output.Flush();
            }
        }
    }

    private static MultilayerPerceptronTrainer Network(MLContext mlContext, bool isRegression, MultilayerPerceptronOptions options) => isRegression
        ? mlContext.Regression.Trainers.MultilayerPerceptron(options)
        : mlContext.MulticlassClassification.Trainers.MultilayerPerceptron(options);

    /// <summary>Means over splits of four fifths to one fifth.</summary>
    private static (double Quality, double Loss, double Seconds) Measure(QualityData set, Func<MLContext, bool, IEstimator<ITransformer>> trainer)
    {
        var mlContext = new MLContext(seed: 1);
        IDataView data = set.Load(mlContext);
        int splitCount = set.SplitCount(data);
        (double quality, double loss, double seconds) = (0, 0, 0);
        for (int seed = 1; seed <= splitCount; seed++)
        {
            var split = mlContext.Data.TrainTestSplit(data, testFraction: 0.2, seed: seed);
            var features = set.Features(mlContext).Fit(split.TrainSet);
            IDataView training = mlContext.Data.Cache(features.Transform(split.TrainSet), "Features", "Label");
            _ = training.GetColumn<float[]>("Features").Count();
            var watch = Stopwatch.StartNew();
            var model = trainer(mlContext, set.IsRegression).Fit(training);
            seconds += watch.Elapsed.TotalSeconds / splitCount;
            var scored = model.Transform(features.Transform(split.TestSet));
            if (set.IsRegression)
            {
                var metrics = mlContext.Regression.Evaluate(scored);
                quality += metrics.RSquared / splitCount;
                loss += metrics.RootMeanSquaredError / splitCount;
            }
            else
            {
                var metrics = mlContext.MulticlassClassification.Evaluate(scored);
                quality += metrics.MicroAccuracy / splitCount;
                loss += metrics.LogLoss / splitCount;
            }
        }
        return (quality, loss, seconds);
    }
}
