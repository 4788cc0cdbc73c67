namespace MLNet.BatchNorm;

/// <summary>What a fit has found in one feature. Missing values (NaN) are left out of everything but <see cref="MissingCount"/>.</summary>
/// <remarks>With no value at all (<see cref="Count"/> 0), mean, variances, minimum and maximum are NaN.</remarks>
public readonly record struct FeatureStatistics
{
    /// <summary>Values that the statistics are made of: neither missing nor left out as infinite, and of weight above 0.</summary>
    public long Count { get; init; }

    /// <summary>Missing values (NaN).</summary>
    public long MissingCount { get; init; }

    /// <summary>Infinite values, left out by <see cref="InfinityPolicy.LeaveOut"/>.</summary>
    public long InfiniteCount { get; init; }

    /// <summary>The sum of the weights of the <see cref="Count"/> values; equal to it without a weight column.</summary>
    public double WeightSum { get; init; }

    /// <summary>The (weighted) mean.</summary>
    public double Mean { get; init; }

    /// <summary>
    /// What <see cref="Mean"/> lacks for having been rounded to a double: the mean is Mean + MeanRemainder, to twice the digits. It matters
    /// where parts are merged whose mean is far larger than their spread, and is 0 for statistics from elsewhere.
    /// </summary>
    public double MeanRemainder { get; init; }

    /// <summary>The (weighted) sum of squared deviations from the mean over <see cref="WeightSum"/>.</summary>
    public double PopulationVariance { get; init; }

    /// <summary>The (weighted) sum of squared deviations from the mean over <see cref="WeightSum"/> - 1; NaN where that is not positive.</summary>
    public double SampleVariance { get; init; }

    /// <summary>The smallest value.</summary>
    public double Minimum { get; init; }

    /// <summary>The largest value.</summary>
    public double Maximum { get; init; }

    /// <summary>Whether the values do not differ by more than the rounding errors of the pass. Such a feature is centered, not scaled.</summary>
    public bool IsConstant { get; init; }

    /// <summary>The square root of <see cref="PopulationVariance"/>.</summary>
    public double PopulationStandardDeviation => Math.Sqrt(PopulationVariance);

    /// <summary>The square root of <see cref="SampleVariance"/>.</summary>
    public double SampleStandardDeviation => Math.Sqrt(SampleVariance);
}
