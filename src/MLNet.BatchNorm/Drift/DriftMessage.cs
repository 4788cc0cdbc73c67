using System.Globalization;

namespace MLNet.BatchNorm;

/// <summary>Says in words what has become of a feature.</summary>
internal static class DriftMessage
{
    /// <summary>The verdict in half a sentence, with the numbers.</summary>
    /// <param name="drift">All but the message.</param>
    /// <param name="constant">What the feature was, where it was constant.</param>
    public static string Of(FeatureDrift drift, double constant) => drift.Verdict switch
    {
        DriftVerdict.Stable => "no change beyond the thresholds.",
        DriftVerdict.TooFewValues => string.Create(CultureInfo.InvariantCulture, $"{drift.Count} value(s) are too few to tell a change from chance."),
        _ => $"{string.Join("; ", Changes(drift, constant))}.",
    };

    private static IEnumerable<string> Changes(FeatureDrift drift, double constant)
    {
        if (drift.Kinds.HasFlag(DriftKinds.Mean))
        {
            yield return double.IsInfinity(drift.MeanShift)
                ? string.Create(CultureInfo.InvariantCulture, $"the mean of what was constantly {constant:G6} is {drift.Mean:G6}")
                : string.Create(CultureInfo.InvariantCulture, $"the mean has moved by {drift.MeanShift:+0.##;-0.##} running standard deviations");
        }
        if (drift.Kinds.HasFlag(DriftKinds.Variance))
        {
            yield return double.IsInfinity(drift.VarianceRatio)
                ? string.Create(CultureInfo.InvariantCulture, $"what was constantly {constant:G6} has a variance of {drift.PopulationVariance:G3}")
                : string.Create(CultureInfo.InvariantCulture, $"the variance is {drift.VarianceRatio:G3} times the running variance");
        }
        if (drift.Kinds.HasFlag(DriftKinds.Missing))
        {
            yield return string.Create(
                CultureInfo.InvariantCulture, $"{drift.MissingShareNow:P1} of the values are missing, {drift.MissingShareThen:P1} were");
        }
    }
}
