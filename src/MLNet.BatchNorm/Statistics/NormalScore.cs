namespace MLNet.BatchNorm;

/// <summary>
/// How many standard deviations a normal variable would have to lie off to be as improbable as a statistic of another distribution:
/// closed forms in place of its quantiles.
/// </summary>
internal static class NormalScore
{
    /// <summary>
    /// Of Student's t: sqrt(v ln(1 + t^2 / v)) (8 v + 1) / (8 v + 3), with the sign of t. D. L. Wallace, "Bounds on normal approximations to
    /// Student's and the chi-square distributions", The Annals of Mathematical Statistics 30 (1959) 1121-1130.
    /// </summary>
    /// <param name="t">The statistic; NaN gives NaN.</param>
    /// <param name="freedom">Degrees of freedom, positive; may be infinite, where t is normal.</param>
    public static double OfStudent(double t, double freedom)
    {
        // Beyond it the two are the same, and the logarithm would lose what t^2 / v adds to 1.
        const double NormalFreedom = 1e8;
        if (freedom > NormalFreedom)
        {
            return t;
        }
        double score = Math.Sqrt(freedom * Math.Log(1 + (t * t / freedom))) * ((8 * freedom) + 1) / ((8 * freedom) + 3);
        return Math.CopySign(score, t);
    }

    /// <summary>
    /// Of the ratio F of two variances. E. Paulson, "An approximate normalization of the analysis of variance distribution", The Annals of
    /// Mathematical Statistics 13 (1942) 233-235. With few degrees of freedom it errs towards 0.
    /// </summary>
    /// <param name="ratio">F, zero or positive, or infinite; NaN gives NaN.</param>
    /// <param name="numeratorFreedom">Degrees of freedom of the variance above.</param>
    /// <param name="denominatorFreedom">Degrees of freedom of the variance below; may be infinite, where it is known.</param>
    public static double OfVarianceRatio(double ratio, double numeratorFreedom, double denominatorFreedom)
    {
        double a = 2 / (9 * numeratorFreedom);
        double b = 2 / (9 * denominatorFreedom);
        if (double.IsPositiveInfinity(ratio))
        {
            return (1 - b) / Math.Sqrt(b);
        }
        double root = Math.Cbrt(ratio);
        return (((1 - b) * root) - (1 - a)) / Math.Sqrt((b * root * root) + a);
    }
}
