namespace MLNet.BatchNorm;

/// <summary>Median and difference of the quantiles, per feature; NaN without a value.</summary>
internal sealed record RobustStatistics(double[] Median, double[] Range)
{
    public static RobustStatistics Of(FittedColumn fitted, RobustScalingOptions options)
    {
        int featureCount = fitted.Layout.FeatureCount;
        if (options is { Median: { } median, QuantileRange: { } range })
        {
            return new RobustStatistics(
                median.ForFeatures(featureCount, nameof(options.Median), fitted.InputColumnName),
                range.ForFeatures(featureCount, nameof(options.QuantileRange), fitted.InputColumnName));
        }
        if (fitted.Quantiles is not { } quantiles)
        {
            throw new InvalidOperationException(
                $"Column '{fitted.InputColumnName}': robust scaling needs quantiles, and moments have none. " +
                $"Give {nameof(options.Median)} and {nameof(options.QuantileRange)} in the options, or fit on the data.");
        }
        int[] features = [.. Enumerable.Range(0, featureCount)];
        return new RobustStatistics(
            [.. quantiles.Medians],
            Array.ConvertAll(features, feature => quantiles.Quantile(feature, options.UpperQuantile) - quantiles.Quantile(feature, options.LowerQuantile)));
    }
}
