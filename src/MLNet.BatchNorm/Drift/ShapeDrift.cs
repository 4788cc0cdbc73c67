namespace MLNet.BatchNorm;

/// <summary>
/// How far the whole distribution of a feature has moved, in three measures: a change of shape shows that mean and variance do not have.
/// </summary>
/// <param name="PopulationStability">
/// The population stability index, sum (q - p) ln (q / p) over bins that end at the deciles of the reference, with p of the values then and q of
/// those now; half a value is added to each count, so that an empty bin is no infinity.
/// </param>
/// <param name="KolmogorovSmirnov">The largest difference of the two distribution functions, 0 to 1.</param>
/// <param name="Wasserstein">
/// The area between the two distribution functions: how far a value has moved on average; in interquartile ranges of the reference or, where its
/// quartiles coincide, in 1.349 of its standard deviations.
/// </param>
public sealed record ShapeDrift(DriftDistance PopulationStability, DriftDistance KolmogorovSmirnov, DriftDistance Wasserstein)
{
    internal DriftKinds Kinds =>
        (IsDrift(PopulationStability) ? DriftKinds.PopulationStability : DriftKinds.None)
        | (IsDrift(KolmogorovSmirnov) ? DriftKinds.KolmogorovSmirnov : DriftKinds.None)
        | (IsDrift(Wasserstein) ? DriftKinds.Wasserstein : DriftKinds.None);

    internal bool IsPrecise => new[] { PopulationStability, KolmogorovSmirnov, Wasserstein }.All(distance => distance.Verdict != DriftVerdict.TooFewValues);

    private static bool IsDrift(DriftDistance distance) => distance.Verdict == DriftVerdict.Drifted;
}
