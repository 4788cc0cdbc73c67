namespace MLNet.BatchNorm;

/// <summary>Networks in words.</summary>
internal static class NetworkText
{
    public static string Of(NetworkTask task) => task switch
    {
        NetworkTask.BinaryClassification => "binary classification",
        NetworkTask.MulticlassClassification => "multiclass classification",
        _ => "regression",
    };

    public static string Of(NetworkNormalization normalization, NormalizationPlacement placement, int groupCount) => normalization switch
    {
        NetworkNormalization.None => "no normalization",
        NetworkNormalization.Batch => $"batch normalization {Of(placement)}",
        NetworkNormalization.BatchRenorm => $"batch renormalization {Of(placement)}",
        NetworkNormalization.Group => $"group normalization in {groupCount} group(s) {Of(placement)}",
        NetworkNormalization.RMS => $"root mean square normalization {Of(placement)}",
        _ => $"layer normalization {Of(placement)}",
    };

    private static string Of(NormalizationPlacement placement) =>
        placement == NormalizationPlacement.BeforeActivation ? "before the activation" : "behind the activation";
}
