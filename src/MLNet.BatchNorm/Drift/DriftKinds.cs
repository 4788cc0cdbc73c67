namespace MLNet.BatchNorm;

/// <summary>In what respects a feature has drifted.</summary>
[Flags]
public enum DriftKinds
{
    /// <summary>In none.</summary>
    None = 0,

    /// <summary>The mean has moved.</summary>
    Mean = 1,

    /// <summary>The variance has grown or shrunk.</summary>
    Variance = 2,

    /// <summary>More values are missing than before, or fewer.</summary>
    Missing = 4,

    /// <summary>The shares of the reference's deciles have changed.</summary>
    PopulationStability = 8,

    /// <summary>The distribution function has moved up or down.</summary>
    KolmogorovSmirnov = 16,

    /// <summary>Values have moved, on average.</summary>
    Wasserstein = 32,
}
