namespace MLNet.BatchNorm.Convergence.Objectives;

/// <summary>The logistic loss without overflow and without losing small values.</summary>
internal static class LogMath
{
    /// <summary>log(1 + exp(-margin)).</summary>
    public static double LogisticLoss(double margin) => Math.Max(-margin, 0) + LogOnePlus(Math.Exp(-Math.Abs(margin)));

    /// <summary>1 / (1 + exp(margin)): minus the derivative of the loss, the probability of being wrong.</summary>
    public static double WrongProbability(double margin)
    {
        var small = Math.Exp(-Math.Abs(margin));
        return margin >= 0 ? small / (1 + small) : 1 / (1 + small);
    }

    // log(1 + x) for 0 <= x <= 1: the quotient cancels the rounding of 1 + x (a trick of Kahan's).
    private static double LogOnePlus(double x)
    {
        var sum = 1 + x;
        return sum == 1 ? x : Math.Log(sum) * (x / (sum - 1));
    }
}
