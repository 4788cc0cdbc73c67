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
        var ends = new MapEnd[moments.FeatureCount];
        // All in numbers of the column's type: those are what has to land on one another.
        double minimum = fitted.Type.Round(options.Minimum);
        double maximum = fitted.Type.Round(options.Maximum);
        // From the end nearer to 0: its digits are the finer ones, and the other end can be hit from there.
        bool fromLow = Math.Abs(minimum) <= Math.Abs(maximum);
        for (int feature = 0; feature < scale.Length; feature++)
        {
            if (options.DataMinimum is null && moments.Count[feature] == 0)
            {
                // Not a single value to go by: left as it is.
                scale[feature] = 1;
                ends[feature] = new MapEnd(1, 1);
                continue;
            }
            double low = fitted.Type.Round(lows[feature]);
            double high = fitted.Type.Round(highs[feature]);
            (scale[feature], bool isConstant) = ScaleOf(fitted, feature, low, high, options);
            // A constant is where the range begins, and the range of the data is taken for 1.
            bool first = fromLow || isConstant;
            center[feature] = first ? low : high;
            shift[feature] = first ? minimum : maximum;
            ends[feature] = isConstant ? new MapEnd(low, maximum) : first ? new MapEnd(high, maximum) : new MapEnd(low, minimum);
        }
        var layout = fitted.Layout;
        return new AffineMap(
            layout.Expand<double>(center),
            layout.Expand<double>(scale),
            layout.Expand<double>(shift),
            options.Clip ? options.Minimum : double.NegativeInfinity,
            options.Clip ? options.Maximum : double.PositiveInfinity,
            layout.Expand<MapEnd>(ends));
    }

    private static (double Scale, bool IsConstant) ScaleOf(FittedColumn fitted, int feature, double low, double high, MinMaxScalingOptions options)
    {
        double dataRange = high - low;
        double targetRange = options.Maximum - options.Minimum;
        if (double.IsInfinity(dataRange) || double.IsInfinity(targetRange))
        {
            throw new InvalidOperationException(
                $"{fitted.Describe(feature)}: the range from {low:G3} to {high:G3}, or the target's, is beyond the range of double. Divide the values by a constant first.");
        }
        // Smallest and largest value are exact, so a constant feature has a range of exactly 0. Like scikit-learn, take it for 1.
        bool isConstant = dataRange == 0 || !fitted.Type.HoldsInverse(dataRange);
        double shift = Math.Min(Math.Abs(options.Minimum), Math.Abs(options.Maximum));
        return (isConstant ? targetRange : fitted.UsableScale(feature, targetRange / dataRange, shift), isConstant);
    }
}
