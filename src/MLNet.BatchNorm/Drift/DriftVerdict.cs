namespace MLNet.BatchNorm;

/// <summary>What a comparison of new data with the data of a fit comes to.</summary>
public enum DriftVerdict
{
    /// <summary>No change beyond the thresholds.</summary>
    Stable = 0,

    /// <summary>No change beyond the thresholds was found, but with so few values one could not have been told from chance.</summary>
    TooFewValues = 1,

    /// <summary>A change beyond a threshold, and beyond what chance explains.</summary>
    Drifted = 2,
}
