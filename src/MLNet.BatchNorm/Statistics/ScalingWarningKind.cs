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

    /// <summary>The features' spreads differ by a factor so large that a learner on unscaled data would hardly converge.</summary>
    SpreadRatio,
}
