namespace MLNet.BatchNorm.Convergence.Study.Networks;

/// <summary>What the report calls the kinds of normalization.</summary>
public static class NormalizationNames
{
    /// <summary>No normalization.</summary>
    public const string None = "no normalization";

    /// <summary>Batch normalization.</summary>
    public const string Batch = "batch normalization";

    /// <summary>Batch renormalization.</summary>
    public const string BatchRenorm = "batch renormalization";

    /// <summary>Layer normalization.</summary>
    public const string Layer = "layer normalization";

    /// <summary>The name of a kind.</summary>
    public static string Of(NetworkNormalization normalization) => normalization switch
    {
        NetworkNormalization.None => None,
        NetworkNormalization.Batch => Batch,
        NetworkNormalization.BatchRenorm => BatchRenorm,
        NetworkNormalization.Layer => Layer,
        _ => throw new ArgumentOutOfRangeException(nameof(normalization), normalization, "There is no such normalization."),
    };
}
