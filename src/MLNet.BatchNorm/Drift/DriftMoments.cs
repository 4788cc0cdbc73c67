namespace MLNet.BatchNorm;

/// <summary>What drift asks of exact moments.</summary>
internal static class DriftMoments
{
    /// <summary>The values that are missing or were left out as infinite: to drift they are the same.</summary>
    public static double AbsentCount(this FeatureMoments moments, int feature) =>
        (double)moments.MissingCount[feature] + moments.InfiniteCount[feature];

    /// <summary>How far any value lies from a point at most.</summary>
    public static double LargestDeviation(this FeatureMoments moments, int feature, double point) =>
        Math.Max(moments.Maximum[feature] - point, point - moments.Minimum[feature]);
}
