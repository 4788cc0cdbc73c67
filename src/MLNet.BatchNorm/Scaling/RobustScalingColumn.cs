using System.Collections.Immutable;

namespace MLNet.BatchNorm;

/// <summary>
/// What a <see cref="RobustScalingTransformer"/> does to one column, per slot: y = (x - median) / (upper quantile - lower quantile).
/// </summary>
/// <inheritdoc cref="ScalingColumn" path="/remarks"/>
public sealed class RobustScalingColumn : ScalingColumn
{
    internal RobustScalingColumn(FittedColumn fitted, RobustScalingOptions options)
        : this(fitted, options, RobustStatistics.Of(fitted, options))
    {
    }

    private RobustScalingColumn(FittedColumn fitted, RobustScalingOptions options, RobustStatistics statistics)
        : base(fitted, CreateMap(fitted, options, statistics))
    {
        Median = [.. fitted.Layout.Expand<double>(statistics.Median)];
        QuantileRange = [.. fitted.Layout.Expand<double>(statistics.Range)];
        Warnings = options.Scale && fitted.Quantiles is not null ? CoincidentQuantilesWarning(fitted, options, statistics) : [];
    }

    /// <summary>The median, per slot: of the fit, or <see cref="RobustScalingOptions.Median"/>; NaN without a value.</summary>
    public ImmutableArray<double> Median { get; }

    /// <summary>The upper quantile less the lower one, per slot: of the fit, or <see cref="RobustScalingOptions.QuantileRange"/>; NaN without a value.</summary>
    public ImmutableArray<double> QuantileRange { get; }

    internal override IEnumerable<ScalingWarning> Warnings { get; }

    private static AffineMap CreateMap(FittedColumn fitted, RobustScalingOptions options, RobustStatistics statistics)
    {
        var center = new double[statistics.Median.Length];
        var scale = new double[statistics.Median.Length];
        for (int feature = 0; feature < scale.Length; feature++)
        {
            // Without a single value to go by a feature is left as it is.
            bool hasValues = !double.IsNaN(statistics.Median[feature]);
            center[feature] = options.Center && hasValues ? statistics.Median[feature] : 0;
            scale[feature] = options.Scale && hasValues ? ScaleOf(fitted, feature, options, statistics.Range[feature]) : 1;
        }
        return new AffineMap(fitted.Layout.Expand<double>(center), fitted.Layout.Expand<double>(scale));
    }

    private static double ScaleOf(FittedColumn fitted, int feature, RobustScalingOptions options, double range)
    {
        if (double.IsInfinity(range))
        {
            throw new InvalidOperationException(
                $"{fitted.Describe(feature)}: the difference of the quantiles is beyond the range of double. Divide the values by a constant first.");
        }
        if (range == 0 && options.CoincidentQuantiles == CoincidentQuantiles.HalfRange && fitted.Moments.Count[feature] > 0)
        {
            // Halves first: their difference is in the range of double.
            double half = (fitted.Moments.Maximum[feature] / 2) - (fitted.Moments.Minimum[feature] / 2);
            return half > 0 ? ScaleOf(fitted, half) : 1;
        }
        // As in scikit-learn, coincident quantiles count as a difference of 1, which is then made that of a normal variable like any other.
        return ScaleOf(fitted, (range == 0 ? 1 : range) / options.UnitRange);
    }

    private static double ScaleOf(FittedColumn fitted, double spread) => fitted.Type.HoldsInverse(spread) ? 1 / spread : 1;

    private static ScalingWarning[] CoincidentQuantilesWarning(FittedColumn fitted, RobustScalingOptions options, RobustStatistics statistics)
    {
        int[] found = [.. Enumerable.Range(0, statistics.Range.Length).Where(feature => statistics.Range[feature] == 0 && !fitted.Moments.IsConstant(feature))];
        if (found.Length == 0)
        {
            return [];
        }
        string subject = ScalingWarnings.Subject(
            fitted.InputColumnName, statistics.Range.Length, [.. found.Select(fitted.FeatureName)], fitted.Layout.HasChannels ? "channels" : "slots");
        string what = options.CoincidentQuantiles == CoincidentQuantiles.HalfRange
            ? "divided by half its range"
            : "not divided, and keeps its unit: take quantiles farther apart, or CoincidentQuantiles.HalfRange";
        return [new ScalingWarning(ScalingWarningKind.CoincidentQuantiles, fitted.InputColumnName, $"{subject} the same lower and upper quantile, and other values beside: each is {what}.")];
    }
}
