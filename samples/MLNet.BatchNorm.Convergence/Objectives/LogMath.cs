namespace MLNet.BatchNorm.Convergence.Objectives;

/// <summary>The logistic loss without overflow and without losing small values.</summary>
internal static class LogMath
{
    /// <summary>log(1 + exp(-margin)), and minus its derivative, the probability of being wrong: 1 / (1 + exp(margin)).</summary>
    public static double LogisticLoss(double margin, out double wrongProbability)
    {
        var small = Math.Exp(-Math.Abs(margin));
        wrongProbability = WrongProbability(margin, small);
        return Math.Max(-margin, 0) + LogOnePlus(small);
    }

    /// <summary>1 / (1 + exp(margin)).</summary>
    public static double WrongProbability(double margin) => WrongProbability(margin, Math.Exp(-Math.Abs(margin)));

    private static double WrongProbability(double margin, double small) => margin >= 0 ? small / (1 + small) : 1 / (1 + small);

    // log(1 + x) for 0 <= x <= 1: the quotient cancels the rounding of 1 + x (a trick of Kahan's).
    private static double LogOnePlus(double x)
    {
        var sum = 1 + x;
        return sum == 1 ? x : Math.Log(sum) * (x / (sum - 1));
    }
}
