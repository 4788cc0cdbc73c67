using MLNet.BatchNorm.Convergence.Data;
using MLNet.BatchNorm.Convergence.Study;
using MLNet.BatchNorm.Convergence.Study.Networks;

namespace MLNet.BatchNorm.Tests.Samples.Convergence;

/// <summary>The study in a short form, run once for all tests that look at it.</summary>
public static class ShortStudy
{
    public static StudySettings Settings { get; } = new()
    {
        MaximumIterations = 34,
        MaximumGradientSteps = 200,
        TestBudgets = [5, 20],
        LearningRates = [1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 0.1, 1],
        LearningRateEpochs = 5,
        Networks = new NetworkSettings { LearningRates = [0.01, 0.1, 3], Seeds = [1, 2], Epochs = 12, BatchSizes = [2, 64], BatchSizeEpochs = 4 },
    };

    private static readonly Lazy<StudyOutcome> Shared = new(Run);

    public static StudyOutcome Outcome => Shared.Value;

    private static StudyOutcome Run() => ConvergenceStudy.Run(
        [.. new[] { "wine", "diabetes" }.Select(ShippedData.Load)], [ShippedData.Load("digits")], Settings, threadCount: 2);

    public static DataSetResult DataSet(string name) => Outcome.Results.DataSets.Single(data => data.Name == name);

    public static CurveResult Curve(string dataSet, string optimizer, string scaling, double c) =>
        DataSet(dataSet).Curves.Single(curve => (curve.Optimizer, curve.Scaling, curve.C) == (optimizer, scaling, c));
}
