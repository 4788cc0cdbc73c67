using System.Globalization;

namespace MLNet.BatchNorm;

/// <summary>
/// Finds features that epsilon keeps from being scaled: dividing by sqrt(variance + epsilon) leaves them with the deviation
/// sqrt(variance / (variance + epsilon)) instead of 1.
/// </summary>
internal static class EpsilonWarnings
{
    /// <summary>Below it epsilon is a material share: more than 0.108 of the variance.</summary>
    private const double SmallestDeviation = 0.95;

    /// <param name="fitted">The column.</param>
    /// <param name="variance">Per feature, the variance that epsilon is added to.</param>
    /// <param name="epsilon">The option.</param>
    public static IEnumerable<ScalingWarning> Of(FittedColumn fitted, IReadOnlyList<double> variance, double epsilon)
    {
        // Of a constant, which is not scaled, epsilon takes nothing.
        int[] found = [.. Enumerable.Range(0, variance.Count).Where(feature => Deviation(feature) < SmallestDeviation && !fitted.Moments.IsConstant(feature))];
        if (found.Length > 0)
        {
            int worst = found.MinBy(feature => variance[feature]);
            string subject = ScalingWarnings.Subject(
                fitted.InputColumnName, variance.Count, [.. found.Select(fitted.FeatureName)], fitted.Layout.HasChannels ? "channels" : "slots");
            yield return new ScalingWarning(ScalingWarningKind.MaterialEpsilon, fitted.InputColumnName, string.Create(
                CultureInfo.InvariantCulture,
                $"{subject} variances so small that epsilon, {epsilon:G3}, is a material share of what they are divided by: the smallest is {variance[worst]:G3}, and its standard deviation comes out as {Deviation(worst):G2} of what it should be. Set Epsilon to 0 or far below the variances, or give the features in smaller units."));
        }

        double Deviation(int feature) => Math.Sqrt(variance[feature] / (variance[feature] + epsilon));
    }
}
