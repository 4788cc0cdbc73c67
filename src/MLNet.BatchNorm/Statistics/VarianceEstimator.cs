namespace MLNet.BatchNorm;

/// <summary>What the sum of squared deviations is divided by.</summary>
public enum VarianceEstimator
{
    /// <summary>By the number of values (or the sum of weights): the variance of the data at hand.</summary>
    Population,

    /// <summary>By one less: the unbiased estimate of the variance of what the data were drawn from.</summary>
    Sample,
}
