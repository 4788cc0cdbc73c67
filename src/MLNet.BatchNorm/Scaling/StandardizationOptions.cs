namespace MLNet.BatchNorm;

/// <summary>Options of <see cref="StandardizationEstimator"/>: y = (x - mean) / sqrt(variance + epsilon).</summary>
public sealed record StandardizationOptions : ScalingOptions
{
    /// <summary>The default of <see cref="Center"/>.</summary>
    public const bool DefaultCenter = true;

    /// <summary>The default of <see cref="Scale"/>.</summary>
    public const bool DefaultScale = true;

    /// <summary>The default of <see cref="Epsilon"/>.</summary>
    public const double DefaultEpsilon = 0;

    /// <summary>
    /// Whether the mean is subtracted. Without it zeros stay zeros, and sparse vectors stay sparse.
    /// </summary>
    /// <value>Default: <see langword="true"/>.</value>
    public bool Center { get; init; } = DefaultCenter;

    /// <summary>Whether values are divided by the standard deviation.</summary>
    /// <value>Default: <see langword="true"/>.</value>
    public bool Scale { get; init; } = DefaultScale;

    /// <summary>
    /// The estimator of the variance: <see cref="VarianceEstimator.Population"/> divides the sum of squared deviations by n, as
    /// scikit-learn's StandardScaler and batch normalization do; <see cref="VarianceEstimator.Sample"/> by n - 1.
    /// </summary>
    /// <value>Default: <see cref="VarianceEstimator.Population"/>.</value>
    public VarianceEstimator VarianceEstimator { get; init; } = VarianceEstimator.Population;

    /// <summary>
    /// Added to the variance before its square root is taken: bounds the scale of features that hardly vary. In squared units of the
    /// feature; zero or positive. A constant feature gets scale 1 whatever epsilon is. The report warns of features that come out with less than
    /// 0.95 of their deviation (<see cref="ScalingWarningKind.MaterialEpsilon"/>).
    /// </summary>
    /// <value>Default: 0.</value>
    public double Epsilon { get; init; } = DefaultEpsilon;

    /// <summary>
    /// The column of row weights, a scalar Single or Double; a weight of 2 counts like two rows, one of 0 like none.
    /// A negative, NaN or infinite weight is an error.
    /// </summary>
    /// <value>Default: <see langword="null"/>; every row weighs 1.</value>
    public string? WeightColumnName { get; init; }

    /// <summary>
    /// The mean to subtract, where it is known: the channel means of ImageNet, last night's warehouse job. One number for all features, or
    /// one per feature (per channel, with a channel axis). Given together with <see cref="StandardDeviation"/>, the fit reads no row, and
    /// the transformer cannot be updated. In units of the feature, finite.
    /// </summary>
    /// <value>Default: <see langword="null"/>; found per feature by the fit.</value>
    public FeatureValues? Mean { get; init; }

    /// <summary>
    /// The standard deviation to divide by, where it is known; zero or positive, and 0 for a constant feature, which gets scale 1. See
    /// <see cref="Mean"/>.
    /// </summary>
    /// <value>Default: <see langword="null"/>; found per feature by the fit.</value>
    public FeatureValues? StandardDeviation { get; init; }

    internal override string? GivenStatistics => Mean is null
        ? null
        : $"the mean {Mean} and the standard deviation {StandardDeviation}. Leave {nameof(Mean)} and {nameof(StandardDeviation)} out to have them fitted";

    internal override string? WeightColumn => WeightColumnName;

    internal override void Validate()
    {
        base.Validate();
        if (!Enum.IsDefined(VarianceEstimator))
        {
            throw new ArgumentOutOfRangeException(nameof(VarianceEstimator), VarianceEstimator, $"Expected a value of {nameof(VarianceEstimator)}.");
        }
        if (!double.IsFinite(Epsilon) || Epsilon < 0)
        {
            throw new ArgumentOutOfRangeException(nameof(Epsilon), Epsilon, "Expected a finite number that is zero or positive.");
        }
        RequireBoth(Mean, nameof(Mean), StandardDeviation, nameof(StandardDeviation));
        RequireAtLeast(StandardDeviation, 0, nameof(StandardDeviation));
        if (WeightColumnName is { Length: 0 })
        {
            throw new ArgumentException("Expected the name of a column, or null for rows of equal weight; found an empty string.", nameof(WeightColumnName));
        }
    }
}
