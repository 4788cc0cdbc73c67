using System.Text.Json.Serialization;
using MLNet.BatchNorm.Convergence.Data;
using MLNet.BatchNorm.Convergence.Study.Networks;

namespace MLNet.BatchNorm.Convergence.Study;

/// <summary>Everything that a study measured, times aside. This is what results.json holds.</summary>
public sealed record StudyResults(
    string MicrosoftML,
    StudySettings Settings,
    IReadOnlyList<string> Summary,
    IReadOnlyList<DataSetResult> DataSets,
    IReadOnlyList<NetworkResult> Networks);

/// <summary>What was measured on one data set.</summary>
public sealed record DataSetResult(
    string Name,
    string Description,
    LearningTask Task,
    int RowCount,
    int FeatureCount,
    int ClassCount,
    IReadOnlyList<string> Notes,
    IReadOnlyList<ScalingResult> Scalings,
    IReadOnlyList<CurveResult> Curves,
    IReadOnlyList<LearningRateResult> LearningRates,
    IReadOnlyList<TestResult> Tests,
    SurfaceResult Surface,
    IReadOnlyList<string> Conclusions)
{
    /// <summary>The data file, for a link.</summary>
    [JsonIgnore]
    public string? SourcePath { get; init; }
}

/// <summary>One scaling of one data set.</summary>
/// <param name="Name">raw, min-max, ...</param>
/// <param name="Features">Quantiles of each scaled feature.</param>
/// <param name="AtZero">The unregularized Hessian at w = 0, intercept included.</param>
/// <param name="AtOptimum">The regularized Hessian at each optimum, intercept included and not penalized.</param>
public sealed record ScalingResult(
    string Name,
    IReadOnlyList<FeatureResult> Features,
    HessianResult AtZero,
    IReadOnlyList<HessianResult> AtOptimum);

/// <summary>Quantiles of one feature.</summary>
public sealed record FeatureResult(string Name, double Minimum, double LowerQuartile, double Median, double UpperQuartile, double Maximum);

/// <summary>The extreme eigenvalues of a Hessian; C is null where no penalty is included, ConditionNumber where it is infinite.</summary>
public sealed record HessianResult(double? C, double Largest, double Smallest, double? ConditionNumber);

/// <summary>One optimizer on one scaling at one strength.</summary>
/// <param name="Optimizer">L-BFGS, SDCA, least squares or gradient descent.</param>
/// <param name="Scaling">The scaling's name.</param>
/// <param name="C">1 / (n lambda).</param>
/// <param name="Objective">In words, what the curve minimizes.</param>
/// <param name="Optimum">Its minimum, by Newton's method.</param>
/// <param name="GapUnit">What gaps are divided by: 1 nat, or the variance of the target.</param>
/// <param name="Points">The curve.</param>
/// <param name="Arrivals">When the gap first came below each tolerance.</param>
/// <param name="UnchangedFrom">The budget from which on the model no longer changed: the trainer had stopped by itself. Null if it had not.</param>
/// <param name="DivergedAt">The first budget after which the weights or the loss were no finite numbers; null if there is none.</param>
public sealed record CurveResult(
    string Optimizer,
    string Scaling,
    double C,
    string Objective,
    double Optimum,
    double GapUnit,
    IReadOnlyList<CurvePoint> Points,
    IReadOnlyList<Arrival> Arrivals,
    int? UnchangedFrom,
    int? DivergedAt)
{
    /// <summary>Whether the time was over before the budget was: a faster machine gets further.</summary>
    public bool EndedEarly { get; init; }

    /// <summary>The last gap; infinite where the training diverged.</summary>
    [JsonIgnore]
    public double LastGap => Points[^1].Gap;
}

/// <summary>The objective after some iterations, and how far above the optimum it is, in units; infinite, and null in results.json, where it diverged.</summary>
public sealed record CurvePoint(int Iterations, double Objective, double Gap);

/// <summary>The first iteration within a tolerance; null when it was not reached in TriedUpTo.</summary>
public sealed record Arrival(double Tolerance, int? Iterations, int TriedUpTo);

/// <summary>Mini-batch gradient descent on one scaling over the ladder of learning rates.</summary>
/// <param name="Scaling">The scaling's name.</param>
/// <param name="Points">What each rate reached.</param>
/// <param name="LargestStable">The largest rate that ends below the objective at w = 0.</param>
/// <param name="Best">The rate that ends lowest.</param>
/// <param name="BestGap">The gap that it ends at.</param>
public sealed record LearningRateResult(
    string Scaling, IReadOnlyList<LearningRatePoint> Points, double? LargestStable, double? Best, double? BestGap);

/// <summary>The gap after all passes at one rate; null when it diverged.</summary>
public sealed record LearningRatePoint(double LearningRate, double? Gap);

/// <summary>A pipeline of scaling and trainer fitted to the training rows and scored on the test rows; losses are infinite, and there are no metrics, where it diverged.</summary>
public sealed record TestResult(
    string Trainer, string Scaling, int Budget, double TrainingLoss, double TestLoss, IReadOnlyList<Metric> Metrics);

/// <summary>A named number.</summary>
public sealed record Metric(string Name, double Value);

/// <summary>The objective over two weights, raw and standardized.</summary>
/// <param name="FirstFeature">The feature of the horizontal weight.</param>
/// <param name="SecondFeature">The feature of the vertical weight.</param>
/// <param name="Objective">In words.</param>
/// <param name="Panels">One per scaling.</param>
public sealed record SurfaceResult(string FirstFeature, string SecondFeature, string Objective, IReadOnlyList<SurfacePanel> Panels);

/// <summary>
/// One surface: gaps on a square grid of weights, row by row from the smallest second weight; the levels of its contour lines; and
/// gradient descent's path. For a picture: six significant digits.
/// </summary>
public sealed record SurfacePanel(
    string Scaling,
    double ConditionNumber,
    int StepCount,
    double FinalGap,
    IReadOnlyList<double> FirstWeights,
    IReadOnlyList<double> SecondWeights,
    IReadOnlyList<double> Gaps,
    IReadOnlyList<double> Levels,
    IReadOnlyList<WeightPair> Path,
    WeightPair Optimum);

/// <summary>A point in the plane of two weights.</summary>
public sealed record WeightPair(double First, double Second);
