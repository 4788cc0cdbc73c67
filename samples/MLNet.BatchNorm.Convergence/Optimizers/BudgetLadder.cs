namespace MLNet.BatchNorm.Convergence.Optimizers;

/// <summary>The iteration counts at which a curve is measured: 1, 2, 3, 5, 8, 13, ... (each the sum of the two before), and the last.</summary>
public static class BudgetLadder
{
    /// <summary>The counts up to and including <paramref name="maximum"/>.</summary>
    public static IEnumerable<int> UpTo(int maximum)
    {
        for (var (current, next) = (1, 2); current < maximum; (current, next) = (next, current + next))
        {
            yield return current;
        }

        yield return maximum;
    }
}
