namespace MLNet.BatchNorm;

/// <summary>Options of <see cref="RobustScalingEstimator"/>: y = (x - median) / (upper quantile - lower quantile).</summary>
/// <remarks>
/// Quantiles are kept in any case, whether <see cref="ScalingOptions.TrackQuantiles"/> is set or not; <see cref="ScalingOptions.QuantileSize"/>
/// says up to how many values per feature they are exact.
/// </remarks>
public sealed record RobustScalingOptions : ScalingOptions
{
    /// <summary>The default of <see cref="Center"/>.</summary>
    public const bool DefaultCenter = true;

    /// <summary>The default of <see cref="Scale"/>.</summary>
    public const bool DefaultScale = true;

    /// <summary>The default of <see cref="LowerQuantile"/>.</summary>
    public const double DefaultLowerQuantile = 0.25;

    /// <summary>The default of <see cref="UpperQuantile"/>.</summary>
    public const double DefaultUpperQuantile = 0.75;

    /// <summary>The default of <see cref="UnitVariance"/>.</summary>
    public const bool DefaultUnitVariance = false;

    /// <summary>Whether the median is subtracted. Without it zeros stay zeros, and sparse vectors stay sparse.</summary>
    /// <value>Default: <see langword="true"/>.</value>
    public bool Center { get; init; } = DefaultCenter;

    /// <summary>Whether values are divided by the difference of the quantiles.</summary>
    /// <value>Default: <see langword="true"/>.</value>
    public bool Scale { get; init; } = DefaultScale;

    /// <summary>The share of the values below the lower quantile, from 0 (the minimum); less than <see cref="UpperQuantile"/>.</summary>
    /// <value>Default: 0.25.</value>
    public double LowerQuantile { get; init; } = DefaultLowerQuantile;

    /// <summary>The share of the values below the upper quantile, to 1 (the maximum).</summary>
    /// <value>Default: 0.75.</value>
    public double UpperQuantile { get; init; } = DefaultUpperQuantile;

    /// <summary>
    /// Whether normal features come out with standard deviation 1: the difference of the quantiles is divided by what it is for a standard normal
    /// variable, 1.349 at the defaults. The quantiles must lie within 0 and 1, not at their ends.
    /// </summary>
    /// <value>Default: <see langword="false"/>.</value>
    public bool UnitVariance { get; init; } = DefaultUnitVariance;

    /// <summary>
    /// What happens to a feature that varies, and whose quantiles coincide: one that is 0 in most rows. They coincide where they are the same number;
    /// scikit-learn takes differences below 2.2e-15 for 0 as well, whatever the unit.
    /// </summary>
    /// <value>Default: <see cref="CoincidentQuantiles.KeepUnit"/>, with a warning in the report.</value>
    public CoincidentQuantiles CoincidentQuantiles { get; init; } = CoincidentQuantiles.KeepUnit;

    /// <summary>
    /// The column of row weights, a scalar Single or Double; a weight of 2 counts like two rows, one of 0 like none.
    /// A negative, NaN or infinite weight is an error.
    /// </summary>
    /// <value>Default: <see langword="null"/>; every row weighs 1.</value>
    public string? WeightColumnName { get; init; }

    /// <summary>
    /// The median to subtract, where it is known, from a database for one. One number for all features, or one per feature (per channel, with a
    /// channel axis). Given together with <see cref="QuantileRange"/>, the fit reads no row, and the transformer cannot be updated. In units of
    /// the feature, finite.
    /// </summary>
    /// <value>Default: <see langword="null"/>; found per feature by the fit.</value>
    public FeatureValues? Median { get; init; }

    /// <summary>
    /// The upper quantile less the lower one, where it is known; zero or positive, and 0 where they coincide, which counts as a difference of 1.
    /// See <see cref="Median"/>.
    /// </summary>
    /// <value>Default: <see langword="null"/>; found per feature by the fit.</value>
    public FeatureValues? QuantileRange { get; init; }

    internal override bool KeepsQuantiles => Median is null;

    internal override string? GivenStatistics => Median is null
        ? null
        : $"the median {Median} and the quantile range {QuantileRange}. Leave {nameof(Median)} and {nameof(QuantileRange)} out to have them fitted";

    internal override string? WeightColumn => WeightColumnName;

    /// <summary>What the difference of the quantiles is for a variable of standard deviation 1 as the options have it: 1, or that of a normal one.</summary>
    internal double UnitRange => UnitVariance ? NormalQuantile.Of(UpperQuantile) - NormalQuantile.Of(LowerQuantile) : 1;

    internal override void Validate()
    {
        base.Validate();
        if (!(LowerQuantile >= 0 && LowerQuantile < UpperQuantile && UpperQuantile <= 1))
        {
            throw new ArgumentOutOfRangeException(
                nameof(LowerQuantile), LowerQuantile,
                $"Expected shares from 0 to 1, {nameof(LowerQuantile)} less than {nameof(UpperQuantile)}; found {LowerQuantile:R} and {UpperQuantile:R}. (Percentages are divided by 100.)");
        }
        if (UnitVariance && (LowerQuantile == 0 || UpperQuantile == 1))
        {
            throw new ArgumentOutOfRangeException(
                nameof(UnitVariance), UnitVariance,
                $"A normal variable has no smallest or largest value: expected quantiles within 0 and 1; found {LowerQuantile:R} and {UpperQuantile:R}.");
        }
        if (!Enum.IsDefined(CoincidentQuantiles))
        {
            throw new ArgumentOutOfRangeException(nameof(CoincidentQuantiles), CoincidentQuantiles, $"Expected a value of {nameof(CoincidentQuantiles)}.");
        }
        RequireBoth(Median, nameof(Median), QuantileRange, nameof(QuantileRange));
        RequireAtLeast(QuantileRange, 0, nameof(QuantileRange));
        if (WeightColumnName is { Length: 0 })
        {
            throw new ArgumentException("Expected the name of a column, or null for rows of equal weight; found an empty string.", nameof(WeightColumnName));
        }
    }
}
