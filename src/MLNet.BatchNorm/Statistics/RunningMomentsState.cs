namespace MLNet.BatchNorm;

/// <summary>
/// The full state of <see cref="RunningMoments"/>; plain data, checked by <see cref="RunningMoments.FromState"/>.
/// </summary>
/// <param name="Momentum">Weight of a new batch, or null for the plain average.</param>
/// <param name="VarianceEstimator">Which variance of a batch is averaged.</param>
/// <param name="RunningStart">How the exponential average begins.</param>
/// <param name="BatchCount">Batches given.</param>
/// <param name="Mean">Averaged means before division by Weight, [features].</param>
/// <param name="Variance">Averaged variances before division by Weight, [features].</param>
/// <param name="Weight">Weight gathered, [features]; 0 before the first batch, but 1 for the zero-one start.</param>
/// <param name="UpdateCount">Batches that had values of the feature, [features].</param>
internal sealed record RunningMomentsState(
    double? Momentum,
    VarianceEstimator VarianceEstimator,
    RunningStart RunningStart,
    long BatchCount,
    double[] Mean,
    double[] Variance,
    double[] Weight,
    long[] UpdateCount);
