using System.Collections.Immutable;

namespace MLNet.BatchNorm;

/// <summary>
/// What a <see cref="MinMaxScalingTransformer"/> does to one column, per slot:
/// y = (x - data minimum) / (data maximum - data minimum) * (maximum - minimum) + minimum.
/// </summary>
/// <remarks>
/// <see cref="ScalingColumn.Offset"/> has the target minimum folded in, so that y = (x - offset) * scale is the whole map before clipping:
/// offset = data minimum - minimum / scale. Immutable, and safe to use from many threads.
/// </remarks>
public sealed class MinMaxScalingColumn : ScalingColumn
{
    internal MinMaxScalingColumn(FittedColumn fitted, MinMaxScalingOptions options)
        : base(fitted, CreateMap(fitted, options))
    {
        DataMinimum = [.. fitted.Layout.Expand<double>(LowEnds(fitted, options))];
        DataMaximum = [.. fitted.Layout.Expand<double>(HighEnds(fitted, options))];
    }

    /// <summary>What is mapped to the target minimum, per slot: the smallest value of the fit, or <see cref="MinMaxScalingOptions.DataMinimum"/>.</summary>
    public ImmutableArray<double> DataMinimum { get; }

    /// <summary>What is mapped to the target maximum, per slot: the largest value of the fit, or <see cref="MinMaxScalingOptions.DataMaximum"/>.</summary>
    public ImmutableArray<double> DataMaximum { get; }

    private static double[] LowEnds(FittedColumn fitted, MinMaxScalingOptions options) =>
        options.DataMinimum?.ForFeatures(fitted.Moments.FeatureCount, nameof(options.DataMinimum), fitted.InputColumnName) ?? [.. fitted.Moments.Minimum];

    private static double[] HighEnds(FittedColumn fitted, MinMaxScalingOptions options) =>
        options.DataMaximum?.ForFeatures(fitted.Moments.FeatureCount, nameof(options.DataMaximum), fitted.InputColumnName) ?? [.. fitted.Moments.Maximum];

    private static AffineMap CreateMap(FittedColumn fitted, MinMaxScalingOptions options)
    {
        var moments = fitted.Moments;
        var center = new double[moments.FeatureCount];
        var scale = new double[moments.FeatureCount];
        var shift = new double[moments.FeatureCount];
        var (lows, highs) = (LowEnds(fitted, options), HighEnds(fitted, options));
        for (int feature = 0; feature < scale.Length; feature++)
        {
            if (options.DataMinimum is null && moments.Count[feature] == 0)
            {
                // Not a single value to go by: left as it is.
                scale[feature] = 1;
                continue;
            }
            shift[feature] = options.Minimum;
            center[feature] = lows[feature];
            scale[feature] = ScaleOf(fitted, feature, lows[feature], highs[feature], options.Maximum - options.Minimum);
        }
        var layout = fitted.Layout;
        return new AffineMap(
            layout.Expand<double>(center),
            layout.Expand<double>(scale),
            layout.Expand<double>(shift),
            options.Clip ? options.Minimum : double.NegativeInfinity,
            options.Clip ? options.Maximum : double.PositiveInfinity);
    }

    private static double ScaleOf(FittedColumn fitted, int feature, double low, double high, double targetRange)
    {
        double dataRange = high - low;
        if (double.IsInfinity(dataRange) || double.IsInfinity(targetRange))
        {
            throw new InvalidOperationException(
                $"{fitted.Describe(feature)}: the range from {low:G3} to {high:G3}, or the target's, is beyond the range of double. Divide the values by a constant first.");
        }
        // Smallest and largest value are exact, so a constant feature has a range of exactly 0. Like scikit-learn, take it for 1.
        return dataRange == 0 ? targetRange : fitted.Type.ScaleOrOne(targetRange / dataRange);
    }
}
