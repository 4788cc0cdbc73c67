namespace MLNet.BatchNorm;

/// <summary>
/// How the variance of one feature divides into that within batches and that between their means: the one-way analysis of variance,
/// with batches as groups.
/// </summary>
/// <remarks>
/// With n values in k batches, SST = sum (x - mean)^2 over all values and SSW = sum (x - own batch's mean)^2: for rows in random order
/// (SST - SSW) / (k - 1) and SSW / (n - k) both estimate the variance, and their ratio F is about 1. Sorted rows have a large F.
/// </remarks>
/// <param name="ValuesPerBatch">n / k; NaN where no batch has a value.</param>
/// <param name="BetweenShare">
/// 1 - (SSW / (n - k)) / (SST / (n - 1)), the share of the variance that lies between batches, 0 on average for rows in random order;
/// NaN where there is nothing to compare.
/// </param>
/// <param name="Score">
/// How many standard deviations F lies above what chance gives, by the normal approximation of Paulson, "An approximate normalization of
/// the analysis of variance distribution", The Annals of Mathematical Statistics 13 (1942) 233-235; NaN where there is nothing to compare.
/// Degrees of freedom count at most SST / (largest deviation)^2: where a few outliers make up the variance, two of them in one batch by
/// chance are no evidence.
/// </param>
internal readonly record struct BatchSpread(double ValuesPerBatch, double BetweenShare, double Score)
{
    /// <summary>
    /// From this share on the running variance is too small by 5% and more, and the running mean follows the last batches: what chance may
    /// bring about in sorted rows is one thing, what matters is another. Both have to be exceeded.
    /// </summary>
    public const double NotableShare = 0.05;

    /// <summary>Chance exceeds five standard deviations once in three million features.</summary>
    public const double NotableScore = 5;

    /// <summary>Whether batches differ so much that running statistics mislead.</summary>
    public bool IsNotable => BetweenShare > NotableShare && Score > NotableScore;

    public static BatchSpread Of(RunningColumn column, int feature)
    {
        WeightedMoments total = column.Moments.Total(feature);
        double values = total.Count;
        double groups = column.Batches.GroupCount[feature];
        double valuesPerBatch = values / groups;
        double withinFreedom = values - groups;
        double betweenFreedom = groups - 1;
        if (betweenFreedom < 1 || withinFreedom < 3 || column.Moments.IsConstant(feature))
        {
            return new BatchSpread(valuesPerBatch, double.NaN, double.NaN);
        }
        double within = column.Batches.SquaredDeviations[feature] / withinFreedom;
        double between = Math.Max(0, total.SquaredDeviations - column.Batches.SquaredDeviations[feature]) / betweenFreedom;
        double share = 1 - (within / (total.SquaredDeviations / (values - 1)));
        double largest = Math.Max(column.Moments.Maximum[feature] - total.Mean, total.Mean - column.Moments.Minimum[feature]);
        double influential = Math.Max(1, total.SquaredDeviations / (largest * largest));
        double score = within > 0
            ? NormalScore.OfVarianceRatio(between / within, Math.Min(betweenFreedom, influential), Math.Min(withinFreedom, influential))
            : double.PositiveInfinity;
        return new BatchSpread(valuesPerBatch, share, score);
    }
}
