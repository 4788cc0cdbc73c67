namespace MLNet.BatchNorm;

/// <summary>How much of the batches a running average holds.</summary>
internal static class BatchAveraging
{
    /// <summary>
    /// The sum of the squared weights of the batches in the average: its variance is this times that of one batch. 1 / t for the plain
    /// average; for the exponential one, with weights m (1 - m)^i / (1 - (1 - m)^t), about m / (2 - m) after many batches.
    /// </summary>
    public static double SumOfSquaredWeights(double? momentum, long batchCount)
    {
        if (batchCount == 0)
        {
            return double.PositiveInfinity;
        }
        if (momentum is not { } m)
        {
            return 1.0 / batchCount;
        }
        double faded = StartWeight(m, batchCount);
        return m / (2 - m) * (1 + faded) / (1 - faded);
    }

    /// <summary>What a start weighs after a number of batches: (1 - m)^t.</summary>
    public static double StartWeight(double momentum, long batchCount) => Math.Pow(1 - momentum, batchCount);

    /// <summary>
    /// The average of the batches alone, out of one that started at mean 0 and variance 1: (mean / (1 - s), (variance - s) / (1 - s)), where
    /// the start weighs s. Null where the rounding errors of so many batches may exceed a hundredth of that variance.
    /// </summary>
    public static (double Mean, double Variance)? WithoutStart(double mean, double variance, double momentum, long batchCount)
    {
        const double UnitInTheLastPlace = 1.0 / (1L << 52);
        double start = StartWeight(momentum, batchCount);
        double remainder = variance - start;
        return remainder > 100 * (batchCount + 1) * UnitInTheLastPlace * start ? (mean / (1 - start), remainder / (1 - start)) : null;
    }
}
