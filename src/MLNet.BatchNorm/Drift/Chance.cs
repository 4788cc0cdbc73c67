namespace MLNet.BatchNorm;

/// <summary>
/// Whether chance explains a change of a mean or a variance, if nothing has changed. Two things must speak against it, the second of which
/// presupposes no distribution; docs/drift.md has the formulae, and what they come to.
/// </summary>
/// <param name="reference">What the feature was like.</param>
/// <param name="count">The new values of it.</param>
/// <param name="standardErrors">How many standard errors of a normal variable the change must be worth.</param>
internal readonly struct Chance(in DriftReference reference, double count, double standardErrors)
{
    private readonly DriftReference _reference = reference;

    /// <summary>Bennett's exponent at which a normal variable is as many standard errors off.</summary>
    private double SufficientExponent => standardErrors * standardErrors / 2;

    /// <summary>Whether a mean that lies <paramref name="shift"/> reference deviations off is more than chance.</summary>
    public bool IsExceededByShift(double shift)
    {
        double unbiased = Math.Abs(shift) * Math.Sqrt(_reference.Variance / _reference.UnbiasedVariance);
        double effective = Harmonic(count, _reference.EffectiveCount);
        return NormalScore.OfStudent(unbiased * Math.Sqrt(effective), _reference.Freedom) >= standardErrors
            && effective / Reach * Bennett(1 + (unbiased * Math.Sqrt(Reach))) >= SufficientExponent;
    }

    /// <summary>Whether a population variance <paramref name="ratio"/> times the reference's is more than chance.</summary>
    public bool IsExceededByRatio(double ratio)
    {
        double freedom = count - 1;
        double unbiased = ratio * count / freedom * (_reference.Variance / _reference.UnbiasedVariance);
        return Math.Abs(NormalScore.OfVarianceRatio(unbiased, freedom, _reference.Freedom)) >= standardErrors
            && Harmonic(freedom, _reference.Freedom) / Reach * Bennett(unbiased) >= SufficientExponent;
    }

    /// <summary>The squared largest deviation, in variances: how few values may make up all the variance.</summary>
    private double Reach => Math.Max(1, _reference.LargestDeviation * _reference.LargestDeviation / _reference.UnbiasedVariance);

    /// <summary>The size of one sample that is as uncertain as the difference of two.</summary>
    private static double Harmonic(double first, double second) => 1 / ((1 / first) + (1 / second));

    /// <summary>
    /// r ln r - r + 1: with n independent deviations of at most M and variance v, the mean is off by d or more with a probability of at most
    /// exp(-(n v / M^2) h(1 + d M / v)), and a sum of squares that are 0 or M^2 is r times what it was to be with one of at most
    /// exp(-(n v / M^2) h(r)). G. Bennett, "Probability inequalities for the sum of independent random variables", Journal of the American
    /// Statistical Association 57 (1962) 33-45.
    /// </summary>
    private static double Bennett(double ratio) => ratio > 0 ? (ratio * (Math.Log(ratio) - 1)) + 1 : 1;
}
