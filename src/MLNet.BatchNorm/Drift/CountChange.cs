namespace MLNet.BatchNorm;

/// <summary>Whether chance explains a change of how many of a feature's values are missing, or are not the constant that they were.</summary>
/// <param name="hitsThen">Of the reference.</param>
/// <param name="countThen">Of the reference, hits included.</param>
/// <param name="countNow">Of the new data, hits included.</param>
/// <param name="standardErrors">How many standard errors of a normal variable the change must be worth.</param>
internal readonly struct CountChange(double hitsThen, double countThen, double countNow, double standardErrors)
{
    /// <summary>One alone is never evidence: every stream has its first.</summary>
    private const double FewestHits = 2;

    /// <summary>Whether so many hits of the new data are more, or fewer, than chance gives if the share has not changed.</summary>
    public bool IsExceededBy(double hits)
    {
        if (standardErrors == 0)
        {
            return true;
        }
        bool isMore = hits * countThen > hitsThen * countNow;
        // Chance exceeds z standard errors of a normal variable on one side with a probability below exp(-z^2 / 2) / 2.
        return !(isMore && hits < FewestHits)
            && FisherExactTest.Tail(hits, countNow, hitsThen, countThen) <= Math.Exp(-standardErrors * standardErrors / 2) / 2;
    }

    /// <summary>Whether a change of the share by a little more than <paramref name="threshold"/>, up or down, would show.</summary>
    public bool Shows(double threshold)
    {
        double share = hitsThen / countThen;
        double most = Math.Floor((share + threshold) * countNow) + 1;
        double fewest = Math.Ceiling((share - threshold) * countNow) - 1;
        return (most > countNow || IsExceededBy(most)) && (fewest < 0 || IsExceededBy(fewest));
    }
}
