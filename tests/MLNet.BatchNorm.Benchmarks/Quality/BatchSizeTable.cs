using System.Globalization;
using Microsoft.ML;

namespace MLNet.BatchNorm.Benchmarks.Quality;

/// <summary>Test accuracy against batch size, with running and with exact statistics at inference: the table of docs/networks.md.</summary>
internal static class BatchSizeTable
{
    private const int Seeds = 5;

    private static readonly MultilayerPerceptronOptions Options = new()
    {
        HiddenLayers = [64, 64],
        LearningRateSchedule = new LearningRateSchedule.Constant(),
        LearningRate = 0.001,
        Dropout = 0,
        Epochs = 5,
    };

    /// <summary>Prints a row per batch size: means over seeds, which split the digits and draw the weights.</summary>
    public static void Print(TextWriter output)
    {
        output.WriteLine("| batch size | accuracy, running | accuracy, exact | log loss, running | log loss, exact |");
        output.WriteLine("|---|---|---|---|---|");
        for (int batchSize = 2; batchSize <= 256; batchSize *= 2)
        {
            (double runningAccuracy, double runningLoss) = Measure(batchSize, NormalizationStatistics.Running);
            (double exactAccuracy, double exactLoss) = Measure(batchSize, NormalizationStatistics.Exact);
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"| {batchSize} | {runningAccuracy:F4} | {exactAccuracy:F4} | {runningLoss:F3} | {exactLoss:F3} |"));
            output.Flush();
        }
    }

    private static (double Accuracy, double LogLoss) Measure(int batchSize, NormalizationStatistics statistics)
    {
        var digits = QualityData.All.Single(set => set.Name == "digits");
        (double accuracy, double logLoss) = (0, 0);
        for (int seed = 1; seed <= Seeds; seed++)
        {
            var mlContext = new MLContext(seed: 1);
            var split = mlContext.Data.TrainTestSplit(digits.Load(mlContext), testFraction: 0.2, seed: seed);
            var features = digits.Features(mlContext).Fit(split.TrainSet);
            var options = Options with { BatchSize = batchSize, NormalizationStatistics = statistics, Seed = seed };
            var model = mlContext.MulticlassClassification.Trainers.MultilayerPerceptron(options).Fit(features.Transform(split.TrainSet));
            var metrics = mlContext.MulticlassClassification.Evaluate(model.Transform(features.Transform(split.TestSet)));
            accuracy += metrics.MicroAccuracy / Seeds;
            logLoss += metrics.LogLoss / Seeds;
        }
        return (accuracy, logLoss);
    }
}
