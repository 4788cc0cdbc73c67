using MLNet.BatchNorm.Convergence.Study.Networks;

namespace MLNet.BatchNorm.Convergence.Study;

/// <summary>How much work a study does. Two studies of the same data with equal settings give the same results.</summary>
public sealed record StudySettings
{
    /// <summary>Seed of the split, of the shuffling, and of ML.NET's contexts.</summary>
    /// <value>1 by default.</value>
    public int Seed { get; init; } = 1;

    /// <summary>The largest budget given to ML.NET's trainers: iterations of L-BFGS, passes of SDCA.</summary>
    /// <value>2000 by default.</value>
    public int MaximumIterations { get; init; } = 2000;

    /// <summary>The largest number of gradient descent steps.</summary>
    /// <value>20000 by default.</value>
    public int MaximumGradientSteps { get; init; } = 20000;

    /// <summary>Strengths of the L2 penalty, as scikit-learn's C = 1 / (n lambda).</summary>
    /// <value>1, a usual one, and 10000, so weak that the scalings share one optimum where the data have one.</value>
    public IReadOnlyList<double> InverseStrengths { get; init; } = [1, 10000];

    /// <summary>How near to the optimum counts as arrived, in nats or shares of the target's variance.</summary>
    /// <value>1e-2, 1e-4 and 1e-6.</value>
    public IReadOnlyList<double> Tolerances { get; init; } = [1e-2, 1e-4, 1e-6];

    /// <summary>Budgets at which the test rows are scored.</summary>
    /// <value>1, 5, 20 and 100.</value>
    public IReadOnlyList<int> TestBudgets { get; init; } = [1, 5, 20, 100];

    /// <summary>The share of the rows put aside for testing.</summary>
    /// <value>0.2.</value>
    public double TestShare { get; init; } = 0.2;

    /// <summary>Passes over the data at each learning rate.</summary>
    /// <value>20.</value>
    public int LearningRateEpochs { get; init; } = 20;

    /// <summary>Rows in a mini-batch.</summary>
    /// <value>32.</value>
    public int BatchSize { get; init; } = 32;

    /// <summary>The learning rates tried: half decades.</summary>
    /// <value>1e-8 to 100.</value>
    public IReadOnlyList<double> LearningRates { get; init; } =
        [.. Enumerable.Range(0, 21).Select(step => Math.Round(Math.Pow(10, -8 + (step / 2d)), 10 - (step / 2)))];

    /// <summary>The work of the network section.</summary>
    /// <value>See its own properties.</value>
    public NetworkSettings Networks { get; init; } = new();
}
