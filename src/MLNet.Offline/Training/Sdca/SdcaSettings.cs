namespace Microsoft.ML.Training;

/// <summary>How to run stochastic dual coordinate ascent; null: chosen from the data.</summary>
internal sealed record SdcaSettings
{
    /// <summary>L2 penalty of the mean loss.</summary>
    public float? L2 { get; init; }

    /// <summary>Soft threshold: the L1 penalty divided by the L2 penalty.</summary>
    public float? L1Threshold { get; init; }

    public int? MaximumNumberOfIterations { get; init; }

    /// <summary>Duality gap, relative to the primal loss, at which to stop.</summary>
    public float ConvergenceTolerance { get; init; }

    /// <summary>Iterations from one check of the gap to the next; 0 or less: never.</summary>
    public int? ConvergenceCheckFrequency { get; init; }

    public bool Shuffle { get; init; }

    /// <summary>0: the bias is penalized like a weight. Above 0: a share of it moves, at this rate, into a bias that is not.</summary>
    public float BiasLearningRate { get; init; }

    public int ThreadCount { get; init; }

    /// <summary>The L2 penalty for a number of rows and of iterations, when <see cref="L2"/> is null.</summary>
    public required Func<long, int, float> ChooseL2 { get; init; }

    /// <summary>About 1.5 million visits to rows, at least two passes, and a multiple of the thread count.</summary>
    public int ChooseIterations(long rowCount)
    {
        if (MaximumNumberOfIterations is { } given)
        {
            return given;
        }
        var iterations = (int)Math.Max(1, 500000 / rowCount) * 3;
        return Math.Max(2, Math.Max(1, iterations / ThreadCount) * ThreadCount);
    }

    public static float ChooseL1Threshold(int featureCount) => featureCount switch
    {
        < 100 => 0,
        < 1000 => 0.25f,
        < 10000 => 0.5f,
        _ => 1,
    };

    /// <summary>The L2 penalty with which half of the iterations should suffice.</summary>
    public static float ChooseClassificationL2(long rowCount, int iterations, int threadCount)
    {
        long expected = Math.Max(2, iterations / 2 / threadCount) * threadCount;
        return Math.Max(1e-6f, 20f / (expected * rowCount));
    }

    public static float ChooseRegressionL2(long rowCount) => rowCount switch
    {
        > 10000 => 1e-4f,
        < 200 => 1e-2f,
        _ => 1e-3f,
    };
}
