namespace MLNet.BatchNorm;

/// <summary>What <see cref="RobustScalingOptions"/> makes of a feature whose quantiles are the same number, although it varies.</summary>
public enum CoincidentQuantiles
{
    /// <summary>Divide by 1, as scikit-learn does: the feature keeps its unit.</summary>
    KeepUnit = 0,

    /// <summary>
    /// Divide by half the range, (maximum - minimum) / 2, as the preprocessing of RealMLP does (D. Holzmüller, L. Grinsztajn and I. Steinwart,
    /// "Better by default", NeurIPS 2024): the few values that differ land within -2 and 2 of the median.
    /// </summary>
    HalfRange = 1,
}
