namespace MLNet.BatchNorm;

/// <summary>
/// The full state of <see cref="RunningMoments"/>; plain data, checked by <see cref="RunningMoments.FromState"/>.
/// </summary>
/// <param name="Momentum">Weight of a new batch, or null for the plain average.</param>
/// <param name="VarianceEstimator">Which variance of a batch is averaged.</param>
/// <param name="RunningStart">How the exponential average begins.</param>
/// <param name="BatchCount">Batches given.</param>
/// <param name="Mean">Running means, [features]; 0 before the first batch.</param>
/// <param name="Variance">Running variances, [features]; 1 before the first batch.</param>
/// <param name="Weight">Weight of the batches, 1 - (1 - momentum)^t where debiased, [features]; 0 before the first batch, but 1 for the zero-one start.</param>
/// <param name="UpdateCount">Batches that had values of the feature, [features].</param>
internal sealed record RunningMomentsState(
    double? Momentum,
    VarianceEstimator VarianceEstimator,
    RunningStart RunningStart,
    long BatchCount,
    double[] Mean,
    double[] Variance,
    double[] Weight,
    long[] UpdateCount)
{
    /// <summary>The state, where mean and variance are still sums: the running ones times the weight, as older formats have them.</summary>
    public RunningMomentsState DividedByWeight() => this with
    {
        Mean = [.. Mean.Zip(Weight, (sum, weight) => weight == 0 ? 0 : sum / weight)],
        Variance = [.. Variance.Zip(Weight, (sum, weight) => weight == 0 ? 1 : sum / weight)],
    };
}
