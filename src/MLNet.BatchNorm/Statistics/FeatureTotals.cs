namespace MLNet.BatchNorm;

/// <summary>
/// One feature of <see cref="FeatureMoments"/> in few numbers, as they travel: in JSON, in bytes, from a database. Plain data; what comes
/// from outside is checked by <see cref="Fault(FeatureTotals[], long, ValueLocation?)"/>. Without a value (Count 0) all but the counts are 0.
/// </summary>
/// <param name="Count">Number of values.</param>
/// <param name="MissingCount">Number of NaN values left out.</param>
/// <param name="InfiniteCount">Number of infinite values left out.</param>
/// <param name="WeightSum">Sum of the weights of the values.</param>
/// <param name="Mean">The mean, rounded to a double.</param>
/// <param name="MeanRemainder">What the rounded mean lacks.</param>
/// <param name="SquaredDeviations">sum w (x - mean)^2.</param>
/// <param name="Minimum">The smallest value.</param>
/// <param name="Maximum">The largest value.</param>
internal readonly record struct FeatureTotals(
    long Count,
    long MissingCount,
    long InfiniteCount,
    double WeightSum,
    double Mean,
    double MeanRemainder,
    double SquaredDeviations,
    double Minimum,
    double Maximum)
{
    /// <summary>How far sums of another program's may be off, relatively: single precision is believed.</summary>
    private const double Tolerance = 1e-6;

    public static FeatureTotals Of(in FeatureStatistics statistics)
    {
        if (statistics.Count == 0)
        {
            return new(0, statistics.MissingCount, statistics.InfiniteCount, 0, 0, 0, 0, 0, 0);
        }

        double weight = statistics.WeightSum == 0 ? statistics.Count : statistics.WeightSum;
        return new(
            statistics.Count,
            statistics.MissingCount,
            statistics.InfiniteCount,
            weight,
            statistics.Mean,
            statistics.MeanRemainder,
            statistics.PopulationVariance * weight,
            statistics.Minimum,
            statistics.Maximum);
    }

    /// <summary>What the rounding of a mean to one double has taken from it. Knuth, "The Art of Computer Programming" 2, section 4.2.2, theorem B.</summary>
    public static double RemainderOf(in WeightedMoments moments)
    {
        if (moments.Count == 0)
        {
            return 0;
        }

        double mean = moments.Origin + moments.Offset;
        double offset = mean - moments.Origin;
        double remainder = moments.Origin - (mean - offset) + (moments.Offset - offset);
        return double.IsFinite(remainder) ? remainder : 0;
    }

    /// <summary>The fewest rows in which all these values can have been.</summary>
    public static long LeastRowCount(FeatureTotals[] totals)
    {
        long rows = 0;
        foreach (FeatureTotals total in totals)
        {
            // Of counts that are out of range, which Fault refuses, the sum may be anything.
            rows = Math.Max(rows, unchecked(total.Count + total.MissingCount + total.InfiniteCount));
        }

        return rows;
    }

    /// <summary>Where the two variances of one feature contradict each other; null where they do not.</summary>
    public static string? Fault(in FeatureStatistics statistics)
    {
        double weight = statistics.WeightSum == 0 ? statistics.Count : statistics.WeightSum;
        double sample = statistics.SampleVariance;
        if (statistics.Count == 0 || sample == 0 || double.IsNaN(sample))
        {
            return null;
        }

        double population = sample * (weight - 1) / weight;
        return Math.Abs(population - statistics.PopulationVariance) <= Tolerance * statistics.PopulationVariance
            ? null
            : $"a sample variance of {sample:R} over the weight {weight:R} is a population variance of {population:R}, and {statistics.PopulationVariance:R} is given; give the latter, and leave the former out";
    }

    /// <summary>What cannot be right about the totals of all features; null where nothing is.</summary>
    public static string? Fault(FeatureTotals[] totals, long rowCount, ValueLocation? firstInfinity)
    {
        for (int feature = 0; feature < totals.Length; feature++)
        {
            if (totals[feature].Fault(rowCount) is { } fault)
            {
                return $"feature {feature}: {fault}";
            }
        }

        if (rowCount is < 0 or > Counts.Largest)
        {
            return $"the row count is {rowCount}";
        }

        return firstInfinity is { } infinity && !(infinity.Row >= 0 && infinity.Row < rowCount && infinity.Feature >= 0
            && infinity.Feature < totals.Length && totals[infinity.Feature].InfiniteCount > 0)
            ? $"the first infinity is said to be at row {infinity.Row}, feature {infinity.Feature}"
            : null;
    }

    private string? Fault(long rowCount)
    {
        if (Count is < 0 or > Counts.Largest || MissingCount is < 0 or > Counts.Largest || InfiniteCount is < 0 or > Counts.Largest)
        {
            return $"{Count} values, {MissingCount} missing and {InfiniteCount} infinite are no counts";
        }

        long given = Count + MissingCount + InfiniteCount;
        return this switch
        {
            // Less rows than values are possible for channels, which have many values to a row, and never none.
            _ when rowCount == 0 && given > 0 => "it has values, and there are no rows",
            // Nor more than an array holds: what Merge relies on when it does not look at all counts.
            _ when rowCount > 0 && (given - 1) / int.MaxValue >= rowCount =>
                $"it has {given} values in {rowCount} row(s), which have at most {int.MaxValue} each",
            { Count: 0 } => this is { WeightSum: 0, Mean: 0, MeanRemainder: 0, SquaredDeviations: 0, Minimum: 0, Maximum: 0 }
                ? null
                : "it has no values, and statistics of them",
            _ when !(WeightSum > 0 && double.IsFinite(WeightSum)) => $"the weight of {Count} value(s) is {WeightSum:R}",
            _ when !(double.IsFinite(Minimum) && double.IsFinite(Maximum) && Minimum <= Maximum) =>
                $"the values are said to lie from {Minimum:R} to {Maximum:R}",
            _ when !(double.IsFinite(Mean) && Mean >= Minimum - Slack && Mean <= Maximum + Slack) =>
                $"the mean is {Mean:R}, of values from {Minimum:R} to {Maximum:R}",
            _ when !(Math.Abs(MeanRemainder) <= Slack) => $"the mean is {Mean:R}, and the remainder of its rounding {MeanRemainder:R}",
            _ when !(SquaredDeviations >= 0 && double.IsFinite(SquaredDeviations)) =>
                $"the variance is {SquaredDeviations / WeightSum:R}",
            // Bhatia and Davis, "A better bound on the variance", The American Mathematical Monthly 107 (2000), theorem 1.
            _ when SquaredDeviations / WeightSum > LargestVariance =>
                $"the variance is {SquaredDeviations / WeightSum:R}, and values from {Minimum:R} to {Maximum:R} with mean {Mean:R} have one of at most {LargestVariance:R}",
            _ => null,
        };
    }

    /// <summary>Rounding errors of values of this size and range, generously.</summary>
    private double Slack
    {
        get
        {
            double largest = Math.Max(Math.Abs(Minimum), Math.Abs(Maximum));
            return (Tolerance * (Maximum - Minimum)) + (8 * (Math.BitIncrement(largest) - largest));
        }
    }

    private double LargestVariance
    {
        get
        {
            double bound = (Maximum - Mean + Slack) * (Mean - Minimum + Slack) * (1 + Tolerance);
            return double.IsNaN(bound) ? double.PositiveInfinity : bound;
        }
    }
}
