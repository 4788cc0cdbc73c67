using System.Collections.Immutable;

namespace MLNet.BatchNorm;

/// <summary>What a <see cref="MaxAbsScalingTransformer"/> does to one column, per slot: y = x / max |x|.</summary>
/// <inheritdoc cref="ScalingColumn" path="/remarks"/>
public sealed class MaxAbsScalingColumn : ScalingColumn
{
    internal MaxAbsScalingColumn(FittedColumn fitted)
        : this(fitted, [.. fitted.Moments.Minimum.Zip(fitted.Moments.Maximum, (low, high) => Math.Max(Math.Abs(low), Math.Abs(high)))])
    {
    }

    private MaxAbsScalingColumn(FittedColumn fitted, double[] largest)
        : base(fitted, CreateMap(fitted, largest)) =>
        LargestMagnitude = [.. fitted.Layout.Expand<double>(largest)];

    /// <summary>The largest absolute value of the fit, per slot; NaN without a value.</summary>
    public ImmutableArray<double> LargestMagnitude { get; }

    private static AffineMap CreateMap(FittedColumn fitted, double[] largest)
    {
        // A feature of zeros, or without a value, is left as it is.
        double[] scale = Array.ConvertAll(largest, magnitude => magnitude > 0 && fitted.Type.HoldsInverse(magnitude) ? 1 / magnitude : 1);
        return new AffineMap(new double[fitted.Layout.SlotCount], fitted.Layout.Expand<double>(scale));
    }
}
