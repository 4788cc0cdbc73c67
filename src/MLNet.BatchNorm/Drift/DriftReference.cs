namespace MLNet.BatchNorm;

/// <summary>
/// What one feature was like when a scaler was fitted: all that drift is measured against, in a form that exact and running statistics
/// alike can give.
/// </summary>
internal readonly record struct DriftReference
{
    /// <summary>The mean; NaN without a value.</summary>
    public required double Mean { get; init; }

    /// <summary>The variance that the scaler goes by; NaN without a value, 0 for a constant.</summary>
    public required double Variance { get; init; }

    /// <summary>The unbiased estimate of the variance of what the data were drawn from; NaN with fewer than two values.</summary>
    public required double UnbiasedVariance { get; init; }

    /// <summary>How far a value lay from <see cref="Mean"/> at most.</summary>
    public required double LargestDeviation { get; init; }

    /// <summary>How many independent values have a mean as uncertain as <see cref="Mean"/>.</summary>
    public required double EffectiveCount { get; init; }

    /// <summary>The degrees of freedom of a variance as uncertain as <see cref="Variance"/>.</summary>
    public required double Freedom { get; init; }

    /// <summary>The values, and those that were missing (NaN or infinite).</summary>
    public required double Count { get; init; }

    /// <inheritdoc cref="Count"/>
    public required double MissingCount { get; init; }

    /// <summary>The share of missing values; NaN without rows.</summary>
    public double MissingShare => MissingCount / (MissingCount + Count);

    /// <summary>The exact statistics of a feature.</summary>
    public static DriftReference OfExact(FeatureMoments moments, int feature)
    {
        double mean = moments.Mean[feature];
        double count = moments.Count[feature];
        return new DriftReference
        {
            Mean = mean,
            Variance = moments.PopulationVariance[feature],
            UnbiasedVariance = moments.PopulationVariance[feature] * count / (count - 1),
            LargestDeviation = moments.LargestDeviation(feature, mean),
            EffectiveCount = count,
            Freedom = count - 1,
            Count = count,
            MissingCount = moments.AbsentCount(feature),
        };
    }
}
