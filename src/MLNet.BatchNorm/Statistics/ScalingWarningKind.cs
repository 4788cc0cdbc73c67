namespace MLNet.BatchNorm;

/// <summary>What a <see cref="ScalingWarning"/> is about.</summary>
public enum ScalingWarningKind
{
    /// <summary>Some values are missing (NaN): left out of the statistics, and NaN in the output.</summary>
    MissingValues,

    /// <summary>Some values were infinite: left out of the statistics, and infinite in the output.</summary>
    InfiniteValues,

    /// <summary>The feature is constant: it carries no information, and is centered but not scaled.</summary>
    ConstantFeature,

    /// <summary>The feature has no value in any row: it is left as it is (batch normalization: mean 0, scale gamma).</summary>
    EmptyFeature,

    /// <summary>The features' spreads differ by a factor so large that a learner on unscaled data would hardly converge.</summary>
    SpreadRatio,

    /// <summary>
    /// Batches differ from each other by more than chance allows, so that running statistics mislead: the rows are sorted, grouped, or
    /// drift. Shuffle them.
    /// </summary>
    SortedRows,

    /// <summary>Batches are so small that the running statistics are noisy, or the running variance is too small.</summary>
    SmallBatches,

    /// <summary>There were so few batches that the start at mean 0 and variance 1 still weighs in the running statistics.</summary>
    FewBatches,

    /// <summary>Rows at the end of the data made no batch, and were left out of the running statistics.</summary>
    LeftOutRows,

    /// <summary>
    /// Epsilon is so large beside the variance of some features that they come out with a standard deviation below 0.95 of what it should
    /// be, sqrt(variance / (variance + epsilon)): epsilon is more than 0.108 of the variance.
    /// </summary>
    MaterialEpsilon,

    /// <summary>The quantiles of a feature are the same number although it varies, so that their difference is nothing to divide by.</summary>
    CoincidentQuantiles,
}
