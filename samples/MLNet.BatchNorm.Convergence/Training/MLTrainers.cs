using Microsoft.ML;
using Microsoft.ML.Trainers;
using MLNet.BatchNorm.Convergence.Data;
using MLNet.BatchNorm.Convergence.Objectives;

namespace MLNet.BatchNorm.Convergence.Training;

/// <summary>ML.NET's linear trainers for each task: one thread, no L1, explicit L2, and stopping rules as tight as they go.</summary>
/// <remarks>
/// L-BFGS divides the sum of the losses and of L2 / 2 |w|^2 by n, so it takes L2 = lambda n. SDCA minimizes the mean loss plus
/// L2 / 2 |w|^2, so it takes lambda itself. Least squares is exact: by MathNet.Numerics, or with <c>-p:UseMkl=true</c> by ML.NET's OLS,
/// which adds n L2^2 to the diagonal of X'X, so it takes sqrt(lambda / 2).
/// </remarks>
public static class MLTrainers
{
    // Far below what float can tell: a run ends by its budget or because no step improves any more.
    private const float TightTolerance = 1e-10f;

    // SDCA stops when the duality gap is this share of the loss.
    private const float TightDualityGap = 1e-7f;

    /// <summary>The trainers that apply to a task, the exact one last.</summary>
    public static IReadOnlyList<MLTrainer> For(LearningTask task) => task switch
    {
        LearningTask.Binary => [Lbfgs(LbfgsBinary), Sdca(Losses.Usual, SdcaBinary)],
        LearningTask.Multiclass => [Lbfgs(LbfgsMulticlass), Sdca(Losses.Pairwise, SdcaMulticlass)],
        _ => [
            Sdca(Losses.Usual, SdcaRegression),
            new("least squares", PenalizesIntercept: false, IsExact: true, StopsForGood: true, Losses.Usual, ExactLeastSquares, LoadsEverywhere: false)],
    };

    private static MLTrainer Lbfgs(Func<MLContext, string, TrainerSettings, IEstimator<ITransformer>> create) =>
        new("L-BFGS", PenalizesIntercept: false, IsExact: false, StopsForGood: true, Losses.Usual, create);

    // SDCA returns the best model of those it has checked, after every pass here: a pass that does not improve changes nothing.
    private static MLTrainer Sdca(
        Func<TabularData, DesignMatrix, Regularization, LinearObjective> loss,
        Func<MLContext, string, TrainerSettings, IEstimator<ITransformer>> create) =>
        new("SDCA", PenalizesIntercept: true, IsExact: false, StopsForGood: false, loss, create);

    private static IEstimator<ITransformer> LbfgsBinary(MLContext context, string column, TrainerSettings settings) =>
        context.BinaryClassification.Trainers.LbfgsLogisticRegression(new LbfgsLogisticRegressionBinaryTrainer.Options
        {
            FeatureColumnName = column,
            L1Regularization = 0,
            L2Regularization = (float)(settings.Strength * settings.RowCount),
            MaximumNumberOfIterations = settings.Iterations,
            OptimizationTolerance = TightTolerance,
            NumberOfThreads = 1,
        });

    private static IEstimator<ITransformer> LbfgsMulticlass(MLContext context, string column, TrainerSettings settings) =>
        context.MulticlassClassification.Trainers.LbfgsMaximumEntropy(new LbfgsMaximumEntropyMulticlassTrainer.Options
        {
            FeatureColumnName = column,
            L1Regularization = 0,
            L2Regularization = (float)(settings.Strength * settings.RowCount),
            MaximumNumberOfIterations = settings.Iterations,
            OptimizationTolerance = TightTolerance,
            NumberOfThreads = 1,
        });

#if USE_MKL
    private static OlsTrainer ExactLeastSquares(MLContext context, string column, TrainerSettings settings) =>
        context.Regression.Trainers.Ols(new OlsTrainer.Options
        {
            FeatureColumnName = column,
            L2Regularization = (float)Math.Sqrt(settings.Strength / 2),
            CalculateStatistics = false,
        });
#else
    private static IEstimator<ITransformer> ExactLeastSquares(MLContext context, string column, TrainerSettings settings) =>
        LeastSquares.Create(context, column, settings);
#endif

    private static IEstimator<ITransformer> SdcaBinary(MLContext context, string column, TrainerSettings settings) =>
        context.BinaryClassification.Trainers.SdcaLogisticRegression(new SdcaLogisticRegressionBinaryTrainer.Options
        {
            FeatureColumnName = column,
            L1Regularization = 0,
            L2Regularization = (float)settings.Strength,
            MaximumNumberOfIterations = settings.Iterations,
            ConvergenceTolerance = TightDualityGap,
            NumberOfThreads = 1,
        });

    private static IEstimator<ITransformer> SdcaMulticlass(MLContext context, string column, TrainerSettings settings) =>
        context.MulticlassClassification.Trainers.SdcaMaximumEntropy(new SdcaMaximumEntropyMulticlassTrainer.Options
        {
            FeatureColumnName = column,
            L1Regularization = 0,
            L2Regularization = (float)settings.Strength,
            MaximumNumberOfIterations = settings.Iterations,
            ConvergenceTolerance = TightDualityGap,
            NumberOfThreads = 1,
        });

    private static IEstimator<ITransformer> SdcaRegression(MLContext context, string column, TrainerSettings settings) =>
        context.Regression.Trainers.Sdca(new SdcaRegressionTrainer.Options
        {
            FeatureColumnName = column,
            L1Regularization = 0,
            L2Regularization = (float)settings.Strength,
            MaximumNumberOfIterations = settings.Iterations,
            ConvergenceTolerance = TightDualityGap,
            NumberOfThreads = 1,
        });
}
