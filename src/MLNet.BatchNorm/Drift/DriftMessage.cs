using System.Globalization;

namespace MLNet.BatchNorm;

/// <summary>Says in words what has become of a feature.</summary>
internal static class DriftMessage
{
    /// <summary>The verdict in half a sentence, with the numbers.</summary>
    /// <param name="drift">All but the message.</param>
    /// <param name="constant">What the feature was, where it was constant.</param>
    /// <param name="isRunning">Whether it is compared with running statistics.</param>
    public static string Of(FeatureDrift drift, double constant, bool isRunning) => drift.Verdict switch
    {
        DriftVerdict.Stable => "no change beyond the thresholds.",
        DriftVerdict.TooFewValues => string.Create(CultureInfo.InvariantCulture, $"{drift.Count} value(s) are too few to tell a change from chance."),
        _ => $"{string.Join("; ", Changes(drift, constant, isRunning ? "running " : string.Empty))}.",
    };

    private static IEnumerable<string> Changes(FeatureDrift drift, double constant, string running)
    {
        if (drift.Kinds.HasFlag(DriftKinds.Mean))
        {
            yield return double.IsInfinity(drift.MeanShift)
                ? string.Create(CultureInfo.InvariantCulture, $"the mean of what was constantly {constant:G6} is {drift.Mean:G6}")
                : string.Create(CultureInfo.InvariantCulture, $"the mean has moved by {drift.MeanShift:+0.##;-0.##} {running}standard deviations");
        }
        if (drift.Kinds.HasFlag(DriftKinds.Variance))
        {
            yield return double.IsInfinity(drift.VarianceRatio)
                ? string.Create(CultureInfo.InvariantCulture, $"what was constantly {constant:G6} has a variance of {drift.PopulationVariance:G3}")
                : string.Create(CultureInfo.InvariantCulture, $"the variance is {drift.VarianceRatio:G3} times the {(running.Length == 0 ? "variance then" : "running variance")}");
        }
        if (drift.Kinds.HasFlag(DriftKinds.Missing))
        {
            yield return string.Create(
                CultureInfo.InvariantCulture, $"{drift.MissingShareNow:P1} of the values are missing, {drift.MissingShareThen:P1} were");
        }
        if (drift is { Shape: { } shape } && (drift.Kinds & (DriftKinds.PopulationStability | DriftKinds.KolmogorovSmirnov | DriftKinds.Wasserstein)) != 0)
        {
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"the distribution has another shape: population stability index {shape.PopulationStability.Value:0.##}, Kolmogorov-Smirnov {shape.KolmogorovSmirnov.Value:0.##}, Wasserstein {shape.Wasserstein.Value:0.##} interquartile ranges");
        }
    }
}
