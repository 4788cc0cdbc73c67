namespace MLNet.BatchNorm;

/// <summary>
/// Options of <see cref="MinMaxScalingEstimator"/>: y = (x - smallest) / (largest - smallest) * (maximum - minimum) + minimum.
/// </summary>
public sealed record MinMaxScalingOptions : ScalingOptions
{
    /// <summary>The default of <see cref="Minimum"/>.</summary>
    public const double DefaultMinimum = 0;

    /// <summary>The default of <see cref="Maximum"/>.</summary>
    public const double DefaultMaximum = 1;

    /// <summary>The default of <see cref="Clip"/>.</summary>
    public const bool DefaultClip = false;

    /// <summary>What the smallest value of a feature is mapped to. Less than <see cref="Maximum"/>.</summary>
    /// <value>Default: 0.</value>
    public double Minimum { get; init; } = DefaultMinimum;

    /// <summary>What the largest value of a feature is mapped to. Greater than <see cref="Minimum"/>.</summary>
    /// <value>Default: 1.</value>
    public double Maximum { get; init; } = DefaultMaximum;

    /// <summary>
    /// Whether results outside of <see cref="Minimum"/> and <see cref="Maximum"/>, of values that the fit has not seen, are moved to the
    /// nearer end. NaN stays NaN.
    /// </summary>
    /// <value>Default: <see langword="false"/>.</value>
    public bool Clip { get; init; } = DefaultClip;

    /// <summary>
    /// The smallest value that the data can hold, where that is known: 0 for pixels. Given together with <see cref="DataMaximum"/>,
    /// every feature is mapped from this range and the fit does not read the data at all. One number for all features, or one per feature
    /// (per channel, with a channel axis); finite.
    /// </summary>
    /// <value>Default: <see langword="null"/>; found per feature by the fit.</value>
    public FeatureValues? DataMinimum { get; init; }

    /// <summary>The largest value that the data can hold, where that is known: 255 for pixels. See <see cref="DataMinimum"/>.</summary>
    /// <value>Default: <see langword="null"/>; found per feature by the fit.</value>
    public FeatureValues? DataMaximum { get; init; }

    internal override string? GivenStatistics => DataMinimum is null
        ? null
        : $"the fixed range {DataMinimum} to {DataMaximum}. Leave {nameof(DataMinimum)} and {nameof(DataMaximum)} out to have the range fitted";

    internal override void Validate()
    {
        base.Validate();
        if (!double.IsFinite(Minimum) || !double.IsFinite(Maximum) || Minimum >= Maximum)
        {
            throw new ArgumentOutOfRangeException(
                nameof(Minimum), Minimum, $"Expected finite numbers, {nameof(Minimum)} less than {nameof(Maximum)}; found {Minimum:R} and {Maximum:R}.");
        }
        RequireBoth(DataMinimum, nameof(DataMinimum), DataMaximum, nameof(DataMaximum));
        if (DataMinimum is { } lows && DataMaximum is { } highs)
        {
            int count = Math.Max(lows.Values.Length, highs.Values.Length);
            foreach (var (low, high) in lows.ForFeatures(count, nameof(DataMinimum)).Zip(highs.ForFeatures(count, nameof(DataMaximum))))
            {
                if (low >= high)
                {
                    throw new ArgumentOutOfRangeException(
                        nameof(DataMinimum), low, $"Expected {nameof(DataMinimum)} less than {nameof(DataMaximum)}; found {low:R} and {high:R}.");
                }
            }
        }
    }
}
