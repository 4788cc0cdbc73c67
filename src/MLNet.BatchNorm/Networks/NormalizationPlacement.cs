namespace MLNet.BatchNorm;

/// <summary>Where in a hidden layer the normalization stands.</summary>
public enum NormalizationPlacement
{
    /// <summary>Dense, normalization, activation: as Ioffe and Szegedy (2015) have it.</summary>
    BeforeActivation,

    /// <summary>Dense, activation, normalization: what the next layer receives is normalized.</summary>
    AfterActivation,
}
