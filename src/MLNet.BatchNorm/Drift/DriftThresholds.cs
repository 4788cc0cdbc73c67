namespace MLNet.BatchNorm;

/// <summary>From where on a difference between new data and what a scaler was fitted on counts as drift.</summary>
/// <remarks>
/// The defaults for mean and variance are the usual limits for two samples to be called balanced: means within a quarter of a standard
/// deviation, variances within a factor of two (Rubin, "Using propensity scores to help design observational studies", Health Services and
/// Outcomes Research Methodology 2 (2001) 169-188). Immutable, and safe to use from many threads.
/// </remarks>
public sealed record DriftThresholds
{
    /// <summary>The default of <see cref="MeanShift"/>.</summary>
    public const double DefaultMeanShift = 0.25;

    /// <summary>The default of <see cref="VarianceRatio"/>.</summary>
    public const double DefaultVarianceRatio = 2;

    /// <summary>The default of <see cref="MissingShare"/>.</summary>
    public const double DefaultMissingShare = 0.05;

    /// <summary>The default of <see cref="PopulationStability"/>.</summary>
    public const double DefaultPopulationStability = 0.2;

    /// <summary>The default of <see cref="KolmogorovSmirnov"/>.</summary>
    public const double DefaultKolmogorovSmirnov = 0.1;

    /// <summary>The default of <see cref="Wasserstein"/>.</summary>
    public const double DefaultWasserstein = 0.2;

    /// <summary>The default of <see cref="DriftedShare"/>.</summary>
    public const double DefaultDriftedShare = 0.5;

    /// <summary>The default of <see cref="StandardErrors"/>.</summary>
    public const double DefaultStandardErrors = 3;

    /// <summary>How far the mean may move, up or down, in standard deviations of the reference; positive.</summary>
    /// <value>Default: 0.25.</value>
    public double MeanShift { get; init; } = DefaultMeanShift;

    /// <summary>The factor by which the variance may grow or shrink; greater than 1.</summary>
    /// <value>Default: 2.</value>
    public double VarianceRatio { get; init; } = DefaultVarianceRatio;

    /// <summary>How far the share of missing values may move, up or down, as a fraction of the rows; in (0, 1].</summary>
    /// <value>Default: 0.05.</value>
    public double MissingShare { get; init; } = DefaultMissingShare;

    /// <summary>The population stability index from which on a distribution has changed, where quantiles are kept; positive.</summary>
    /// <value>Default: 0.2. (Banks call 0.1 a moderate change and 0.25 a large one.)</value>
    public double PopulationStability { get; init; } = DefaultPopulationStability;

    /// <summary>How far the distribution functions may differ, where quantiles are kept; in (0, 1).</summary>
    /// <value>Default: 0.1, which is what a quarter of a standard deviation does to a normal variable.</value>
    public double KolmogorovSmirnov { get; init; } = DefaultKolmogorovSmirnov;

    /// <summary>How far values may move on average, where quantiles are kept, in interquartile ranges of the reference; positive.</summary>
    /// <value>Default: 0.2, about a quarter of a standard deviation of a normal variable.</value>
    public double Wasserstein { get; init; } = DefaultWasserstein;

    /// <summary>The share of drifted features from which on the data set has drifted as a whole (<see cref="DriftReport.DataSetVerdict"/>); in (0, 1].</summary>
    /// <value>Default: 0.5.</value>
    public double DriftedShare { get; init; } = DefaultDriftedShare;

    /// <summary>
    /// How many standard errors a change must be worth besides, so that few rows do not cry wolf; zero, where chance is not considered, or
    /// positive. A change of mean or variance must be as improbable, if nothing has changed, as a normal variable that lies so many standard
    /// errors off, both for normally distributed values and by a bound for any values that reach as far as those of the fit did; one of
    /// the missing share must have, by Fisher's exact test, a probability of at most exp(-z^2 / 2). So at the default a feature that has not
    /// changed is called drifted in about one of a hundred measurements at most, in each respect and with however few rows.
    /// Rows are taken to be independent.
    /// </summary>
    /// <value>Default: 3.</value>
    public double StandardErrors { get; init; } = DefaultStandardErrors;

    internal void Validate()
    {
        Check(MeanShift > 0 && double.IsFinite(MeanShift), MeanShift, nameof(MeanShift), "a finite number greater than 0");
        Check(VarianceRatio > 1 && double.IsFinite(VarianceRatio), VarianceRatio, nameof(VarianceRatio), "a finite number greater than 1");
        Check(MissingShare is > 0 and <= 1, MissingShare, nameof(MissingShare), "a fraction in (0, 1]");
        Check(PopulationStability > 0 && double.IsFinite(PopulationStability), PopulationStability, nameof(PopulationStability), "a finite number greater than 0");
        Check(KolmogorovSmirnov is > 0 and < 1, KolmogorovSmirnov, nameof(KolmogorovSmirnov), "a difference of shares, in (0, 1)");
        Check(Wasserstein > 0 && double.IsFinite(Wasserstein), Wasserstein, nameof(Wasserstein), "a finite number greater than 0");
        Check(DriftedShare is > 0 and <= 1, DriftedShare, nameof(DriftedShare), "a fraction in (0, 1]");
        Check(StandardErrors >= 0 && double.IsFinite(StandardErrors), StandardErrors, nameof(StandardErrors), "a finite number that is zero or positive");
    }

    private static void Check(bool isValid, double value, string name, string expected)
    {
        if (!isValid)
        {
            throw new ArgumentOutOfRangeException(name, value, $"Expected {expected}.");
        }
    }
}
