namespace Microsoft.ML.Data;

/// <summary>Column names that trainers, predictors and evaluation use unless told otherwise.</summary>
internal static class DefaultColumnNames
{
    public const string Features = "Features";
    public const string Label = "Label";
    public const string Score = "Score";
    public const string Probability = "Probability";
    public const string PredictedLabel = "PredictedLabel";
}
