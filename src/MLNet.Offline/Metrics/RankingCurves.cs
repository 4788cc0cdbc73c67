namespace Microsoft.ML.Data;

/// <summary>Areas under the curves that a threshold on scores draws.</summary>
internal static class RankingCurves
{
    /// <summary>The share of pairs of a positive and a negative in which the positive has the higher score; equal scores count half.</summary>
    public static double AreaUnderRoc(IReadOnlyCollection<(float Score, bool IsPositive)> rows)
    {
        var positives = SortedScores(rows, true, "positive");
        var negatives = SortedScores(rows, false, "negative");
        var pairsWon = 0.0;
        var (below, notAbove) = (0, 0);
        foreach (var score in positives)
        {
            while (below < negatives.Length && negatives[below] < score)
            {
                below++;
            }
            while (notAbove < negatives.Length && negatives[notAbove] <= score)
            {
                notAbove++;
            }
            pairsWon += below + 0.5 * (notAbove - below);
        }
        return pairsWon / ((double)positives.Length * negatives.Length);
    }

    /// <summary>By trapezoids between the points at which recall grows. Rows of equal score are taken in their order, as ML.NET does up to 100,000 rows; above it samples.</summary>
    public static double AreaUnderPrecisionRecall(IReadOnlyCollection<(float Score, bool IsPositive)> rows)
    {
        double positiveCount = rows.Count(row => row.IsPositive);
        var (area, precision) = (0.0, 1.0);
        var (truePositives, falsePositives) = (0.0, 0.0);
        foreach (var (_, isPositive) in rows.OrderByDescending(row => row.Score))
        {
            if (!isPositive)
            {
                falsePositives++;
                precision = truePositives / (truePositives + falsePositives);
                continue;
            }
            truePositives++;
            var newPrecision = truePositives / (truePositives + falsePositives);
            area += (precision + newPrecision) / 2 / positiveCount;
            precision = newPrecision;
        }
        return area;
    }

    private static float[] SortedScores(IEnumerable<(float Score, bool IsPositive)> rows, bool ofPositives, string kind)
    {
        float[] scores = [.. rows.Where(row => row.IsPositive == ofPositives).Select(row => row.Score).Order()];
        return scores.Length > 0
            ? scores
            : throw new ArgumentOutOfRangeException(nameof(rows), $"AUC is not defined when there is no {kind} class in the data");
    }
}
