namespace MLNet.BatchNorm;

/// <summary>How far one feature of new data lies from the data that a scaler was fitted on.</summary>
/// <remarks>
/// The reference is the mean and variance of the data of the fit; of batch normalization, the running ones, taken without what a start at mean 0 and
/// variance 1 still weighs in them, and without epsilon: what is measured is whether the data have changed, in whatever units they are.
/// docs/drift.md has the formulae.
/// </remarks>
public sealed record FeatureDrift
{
    /// <summary>The input column.</summary>
    public required string ColumnName { get; init; }

    /// <summary>The zero-based slot; the channel, where slots share channels.</summary>
    public required int Feature { get; init; }

    /// <summary>The slot's name, or its number where it has none.</summary>
    public required string FeatureName { get; init; }

    /// <summary>The values of the new data.</summary>
    public required long Count { get; init; }

    /// <summary>The mean of the new data.</summary>
    public required double Mean { get; init; }

    /// <summary>The population variance of the new data.</summary>
    public required double PopulationVariance { get; init; }

    /// <summary>
    /// (mean - reference mean) / sqrt(reference variance). Of what was constant, with a variance of 0: 0 where the mean is the same up
    /// to rounding, and infinite otherwise. NaN without a value.
    /// </summary>
    public required double MeanShift { get; init; }

    /// <summary>
    /// variance / reference variance. Of what was constant, with a variance of 0: 1 where it still is, and infinite otherwise. NaN
    /// with fewer than two values.
    /// </summary>
    public required double VarianceRatio { get; init; }

    /// <summary>The share of missing values (NaN or infinite) in the data of the fit.</summary>
    public required double MissingShareThen { get; init; }

    /// <summary>The share of missing values (NaN or infinite) in the new data.</summary>
    public required double MissingShareNow { get; init; }

    /// <summary>
    /// How far the whole distribution has moved, where the scaler keeps quantiles; <see langword="null"/> where it does not, where the feature was
    /// constant or without a value, and where it is without a value now.
    /// </summary>
    public ShapeDrift? Shape { get; init; }

    /// <summary>In what respects the feature has drifted.</summary>
    public required DriftKinds Kinds { get; init; }

    /// <summary>What it comes to.</summary>
    public required DriftVerdict Verdict { get; init; }

    /// <summary>The verdict in one sentence, with the numbers.</summary>
    public required string Message { get; init; }
}
