namespace MLNet.BatchNorm.Convergence.Optimizers;

/// <summary>
/// The iteration counts at which a curve is measured: 1, 2, 3, 5, 8, 13, ... (each the sum of the two before), and the last; what comes close
/// to the last is left out, for it would take as long and show the same.
/// </summary>
public static class BudgetLadder
{
    private const double Close = 1.3;

    /// <summary>The counts up to and including <paramref name="maximum"/>.</summary>
    public static IEnumerable<int> UpTo(int maximum)
    {
        for (var (current, next) = (1, 2); current < maximum; (current, next) = (next, current + next))
        {
            if (Close * current < maximum)
            {
                yield return current;
            }
        }

        yield return maximum;
    }
}
