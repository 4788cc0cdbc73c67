namespace MLNet.BatchNorm;

/// <summary>
/// Compares two shares by their counts. R. A. Fisher, "The logic of inductive inference", Journal of the Royal Statistical Society 98
/// (1935) 39-82: given how many of all values are hits, those among one part follow the hypergeometric distribution, if nothing sets it apart.
/// </summary>
internal static class FisherExactTest
{
    /// <summary>Below this share of the sum, further terms do not change it.</summary>
    private const double Negligible = 1e-17;

    private const double SmallestForStirling = 16;

    /// <summary>The probability of as many hits or more, where the part has a greater share than the rest, and of as many or fewer otherwise.</summary>
    /// <param name="hits">Of the part.</param>
    /// <param name="count">Of the part, hits included.</param>
    /// <param name="otherHits">Of the rest.</param>
    /// <param name="otherCount">Of the rest, hits included.</param>
    public static double Tail(double hits, double count, double otherHits, double otherCount)
    {
        double allHits = hits + otherHits;
        double term = Math.Exp(
            LogChoices(count, hits) + LogChoices(otherCount, otherHits) - LogChoices(count + otherCount, allHits));
        double sum = term;
        bool isUpper = hits * otherCount >= otherHits * count;
        for (double hit = hits; term > Negligible * sum; hit += isUpper ? 1 : -1)
        {
            double up = (count - hit) * (allHits - hit);
            double down = hit * (otherCount - allHits + hit);
            term *= isUpper
                ? up / ((hit + 1) * (otherCount - allHits + hit + 1))
                : down / ((count - hit + 1) * (allHits - hit + 1));
            sum += term;
        }
        return sum;
    }

    private static double LogChoices(double count, double hits) => LogFactorial(count) - LogFactorial(hits) - LogFactorial(count - hits);

    /// <summary>ln n!, by Stirling's series; of small n, by that of a larger one.</summary>
    private static double LogFactorial(double n)
    {
        double divisor = 1;
        for (; n < SmallestForStirling; n++)
        {
            divisor *= n + 1;
        }
        double square = n * n;
        double series = ((1.0 / 12) - (((1.0 / 360) - (1.0 / 1260 / square)) / square)) / n;
        return ((n + 0.5) * Math.Log(n)) - n + (0.5 * Math.Log(2 * Math.PI)) + series - Math.Log(divisor);
    }
}
