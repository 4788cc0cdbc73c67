using Microsoft.ML;
using MLNet.BatchNorm.Convergence.Data;

namespace MLNet.BatchNorm.Convergence.Training;

/// <summary>Scores a fitted pipeline with ML.NET's own evaluators.</summary>
public static class Evaluation
{
    /// <summary>The mean loss (log-loss in nats, or squared error), and the metrics that people read.</summary>
    public static (double Loss, IReadOnlyList<(string Name, double Value)> Metrics) Of(LearningTask task, ITransformer model, IDataView rows)
    {
        var mlContext = new MLContext(1);
        var scored = model.Transform(rows);
        switch (task)
        {
            case LearningTask.Binary:
                var binary = mlContext.BinaryClassification.Evaluate(scored);

                // The binary evaluator measures in bits, the multiclass one in nats.
                return (binary.LogLoss * Math.Log(2), [("accuracy", binary.Accuracy), ("AUC", binary.AreaUnderRocCurve)]);
            case LearningTask.Multiclass:
                var multiclass = mlContext.MulticlassClassification.Evaluate(scored);
                return (multiclass.LogLoss, [("accuracy", multiclass.MicroAccuracy), ("macro accuracy", multiclass.MacroAccuracy)]);
            default:
                var regression = mlContext.Regression.Evaluate(scored);
                return (regression.MeanSquaredError, [("R squared", regression.RSquared), ("RMSE", regression.RootMeanSquaredError)]);
        }
    }
}
