using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;

namespace MLNet.BatchNorm.Convergence;

/// <summary>One trainer on one scaling: what it reached and how long it took.</summary>
/// <param name="Trainer">L-BFGS or SDCA.</param>
/// <param name="Scaling">raw, min-max or standardized.</param>
/// <param name="TrainingLogLoss">Mean log-loss over the training rows, in nats.</param>
/// <param name="TestAccuracy">Share of test rows with the right label.</param>
/// <param name="TestAreaUnderRocCurve">Area under the ROC curve over the test rows.</param>
/// <param name="Seconds">Time to fit the whole pipeline, scaling included.</param>
/// <param name="Model">The fitted pipeline.</param>
public sealed record ComparisonResult(
    string Trainer,
    string Scaling,
    double TrainingLogLoss,
    double TestAccuracy,
    double TestAreaUnderRocCurve,
    double Seconds,
    ITransformer Model);

/// <summary>Trains L-BFGS and SDCA on raw, min-max and standardized features, all for the same objective.</summary>
/// <remarks>
/// The objective is the mean log-loss plus |w|^2 / (2 n): scikit-learn's C = 1. ML.NET's L-BFGS sums the loss over the rows and so
/// takes L2 = 1; its SDCA averages it and so takes L2 = 1 / n.
/// </remarks>
public static class ScalingComparison
{
    private const string ScaledColumn = "ScaledFeatures";

    private static readonly string[] TrainerNames = ["L-BFGS", "SDCA"];
    private static readonly string[] ScalingNames = ["raw", "min-max", "standardized"];

    /// <summary>Runs the six pairs in a fixed order.</summary>
    /// <param name="mlContext">The seeded context.</param>
    /// <param name="split">Rows with columns Features and Label.</param>
    /// <param name="seed">Seed of the trainers.</param>
    /// <param name="progress">Told the name of each pair before it runs and its share of the whole.</param>
    /// <param name="cancellation">Looked at between two trainings.</param>
    public static IReadOnlyList<ComparisonResult> Run(
        MLContext mlContext,
        DataOperationsCatalog.TrainTestData split,
        int seed,
        IProgress<(string Step, double Share)>? progress = null,
        CancellationToken cancellation = default)
    {
        var rowCount = mlContext.Data.CreateEnumerable<LabelRow>(split.TrainSet, reuseRowObject: true).Count();
        var results = new List<ComparisonResult>();
        foreach (var trainer in TrainerNames)
        {
            foreach (var scaling in ScalingNames)
            {
                cancellation.ThrowIfCancellationRequested();
                progress?.Report(($"{trainer}, {scaling}", (double)results.Count / (TrainerNames.Length * ScalingNames.Length)));

                // A context of its own for each pair: no result depends on how much randomness the ones before it have drawn.
                var own = new MLContext(seed);
                var pipeline = Scaling(own, scaling).AppendCacheCheckpoint(own).Append(Trainer(own, trainer, rowCount));
                results.Add(TrainAndEvaluate(mlContext, split, trainer, scaling, pipeline));
            }
        }

        progress?.Report(("done", 1));
        return results;
    }

    private static IEstimator<ITransformer> Scaling(MLContext mlContext, string name) => name switch
    {
        "raw" => mlContext.Transforms.CopyColumns(ScaledColumn, "Features"),
        "min-max" => mlContext.Transforms.ScaleMinMax(ScaledColumn, "Features"),
        "standardized" => mlContext.Transforms.Standardize(ScaledColumn, "Features"),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "No such scaling."),
    };

    private static IEstimator<ITransformer> Trainer(MLContext mlContext, string name, int rowCount) => name switch
    {
        "L-BFGS" => mlContext.BinaryClassification.Trainers.LbfgsLogisticRegression(new LbfgsLogisticRegressionBinaryTrainer.Options
        {
            FeatureColumnName = ScaledColumn,
            L1Regularization = 0,
            L2Regularization = 1,
            NumberOfThreads = 1,
        }),
        "SDCA" => mlContext.BinaryClassification.Trainers.SdcaLogisticRegression(new SdcaLogisticRegressionBinaryTrainer.Options
        {
            FeatureColumnName = ScaledColumn,
            L1Regularization = 0,
            L2Regularization = 1f / rowCount,
            NumberOfThreads = 1,
        }),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "No such trainer."),
    };

    private static ComparisonResult TrainAndEvaluate(
        MLContext mlContext,
        DataOperationsCatalog.TrainTestData split,
        string trainer,
        string scaling,
        EstimatorChain<ITransformer> pipeline)
    {
        var watch = Stopwatch.StartNew();
        var model = pipeline.Fit(split.TrainSet);
        watch.Stop();

        var onTraining = mlContext.BinaryClassification.Evaluate(model.Transform(split.TrainSet));
        var onTest = mlContext.BinaryClassification.Evaluate(model.Transform(split.TestSet));

        // ML.NET reports the log-loss in bits.
        return new ComparisonResult(
            trainer, scaling, onTraining.LogLoss * Math.Log(2), onTest.Accuracy, onTest.AreaUnderRocCurve, watch.Elapsed.TotalSeconds, model);
    }

    private sealed class LabelRow
    {
        public bool Label { get; set; }
    }
}
