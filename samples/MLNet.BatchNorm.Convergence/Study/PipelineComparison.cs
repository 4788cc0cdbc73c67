using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.BatchNorm.Convergence.Data;
using MLNet.BatchNorm.Convergence.Training;

namespace MLNet.BatchNorm.Convergence.Study;

/// <summary>Whole pipelines, scaling and trainer, as a user would fit them: on training rows only, judged on test rows.</summary>
public static class PipelineComparison
{
    private const string ScaledColumn = "ScaledFeatures";

    /// <summary>One fitted pipeline.</summary>
    /// <param name="Result">What it reached.</param>
    /// <param name="Seconds">The time to fit it, scaling included.</param>
    /// <param name="Model">The pipeline; null where the training diverged.</param>
    /// <param name="LoadsEverywhere">Whether a program with Microsoft.ML alone can load the zip.</param>
    public sealed record Run(TestResult Result, double Seconds, ITransformer? Model, bool LoadsEverywhere);

    /// <summary>Fits every trainer with every budget on one scaling.</summary>
    public static IReadOnlyList<Run> Measure(
        TabularData data, Scaling scaling, StudySettings settings, CancellationToken cancellation = default)
    {
        var mlContext = new MLContext(settings.Seed);
        var (training, test) = data.Split(settings.TestShare, settings.Seed);
        var (trainingView, testView) = (DataViews.Create(mlContext, training), DataViews.Create(mlContext, test));
        var strength = 1 / (settings.InverseStrengths[0] * training.Rows.Length);
        var runs = new List<Run>();
        foreach (var trainer in MLTrainers.For(data.Task))
        {
            foreach (var budget in trainer.IsExact ? settings.TestBudgets.TakeLast(1) : settings.TestBudgets)
            {
                cancellation.ThrowIfCancellationRequested();
                var context = new MLContext(settings.Seed);
                var pipeline = scaling.Create(context, ScaledColumn, DataViews.Features)
                    .AppendCacheCheckpoint(context)
                    .Append(trainer.Create(context, ScaledColumn, new TrainerSettings(strength, training.Rows.Length, budget, settings.Seed)));
                var watch = Stopwatch.StartNew();
                var (model, trainingLoss, testLoss, metrics) = FitAndScore(pipeline, data.Task, trainingView, testView, watch);
                runs.Add(new Run(
                    new TestResult(trainer.Name, scaling.Name, budget, trainingLoss, testLoss, metrics),
                    watch.Elapsed.TotalSeconds,
                    model,
                    scaling.LoadsEverywhere && trainer.LoadsEverywhere));
            }
        }

        return runs;
    }

    private static (ITransformer? Model, double TrainingLoss, double TestLoss, IReadOnlyList<Metric> Metrics) FitAndScore(
        EstimatorChain<ITransformer> pipeline, LearningTask task, IDataView trainingView, IDataView testView, Stopwatch watch)
    {
        try
        {
            var model = pipeline.Fit(trainingView);
            watch.Stop();
            var (trainingLoss, _) = Evaluation.Of(task, model, trainingView);
            var (testLoss, metrics) = Evaluation.Of(task, model, testView);
            if (double.IsFinite(trainingLoss))
            {
                return (model, trainingLoss, testLoss, [.. metrics.Select(metric => new Metric(metric.Name, metric.Value))]);
            }
        }
        catch (Exception exception) when (Divergence.IsMeantBy(exception))
        {
            watch.Stop();
        }

        return (null, double.PositiveInfinity, double.PositiveInfinity, []);
    }

    /// <summary>
    /// The pipeline with the lowest training loss: the test rows only judge. Whitening and exact least squares are left out, since
    /// Microsoft.ML alone has neither. Null where every other one diverged.
    /// </summary>
    public static Run? Best(IEnumerable<Run> runs) => runs.Where(run => run.LoadsEverywhere && run.Model is not null).MinBy(run => run.Result.TrainingLoss);
}
