using System.Runtime.Intrinsics;

namespace MLNet.BatchNorm;

/// <summary>
/// The parameters of a map near the ends of its type's range, for <see cref="WideAffineKernels"/>:
/// y = fma(x Prescale - Center, Scale, fma(x Prescale - Center, Rest, Shift)), in double precision.
/// </summary>
/// <remarks>
/// Singles are far from the ends of double, and Prescale is 1. Doubles are made small before the difference is taken, by a power of two, and
/// the scale is made larger by it: no step is then infinite before the result is.
/// </remarks>
internal sealed class WideParameters
{
    public WideParameters(AffineMap map, bool isDouble)
    {
        int lanes = Vector256<double>.Count;
        FeatureCount = map.FeatureCount;
        Period = FeatureCount * ((lanes + FeatureCount - 1) / FeatureCount);
        int length = checked(Period + lanes);
        Prescale = new double[length];
        Center = new double[length];
        Scale = new double[length];
        Rest = new double[length];
        Shift = new double[length];
        ClipMinimum = map.ClipMinimum;
        ClipMaximum = map.ClipMaximum;
        Clips = map.Clips;
        for (int i = 0; i < length; i++)
        {
            int feature = i % FeatureCount;
            double scale = AffineRange.Visible(map.Scale[feature], map.Shift[feature], isDouble);
            double prescale = isDouble ? PrescaleOf(map.Center[feature], scale) : 1;
            Prescale[i] = prescale;
            Center[i] = map.Center[feature] * prescale;
            Shift[i] = map.Shift[feature];
            Scale[i] = scale == 0 ? 0 : Math.Clamp(scale / prescale, double.MinValue, double.MaxValue);
            if (!map.Ends.IsEmpty && scale != 0)
            {
                (Scale[i], Rest[i]) = map.Ends[feature].Split(Center[i], Shift[i], prescale);
            }
        }

        SplitsScale = !map.Ends.IsEmpty;
        if (!isDouble)
        {
            // As the type holds them, so that what is clipped is a number of the type before it is rounded to one.
            ClipMinimum = (float)ClipMinimum;
            ClipMaximum = (float)ClipMaximum;
        }
    }

    public int FeatureCount { get; }

    /// <summary>As in <see cref="AffineParameters{T}.Period"/>, in vectors of doubles.</summary>
    public int Period { get; }

    public double[] Prescale { get; }

    public double[] Center { get; }

    public double[] Scale { get; }

    public double[] Rest { get; }

    public double[] Shift { get; }

    /// <summary>Whether Rest is more than zeros: infinity times 0 would be NaN.</summary>
    public bool SplitsScale { get; }

    public bool Clips { get; }

    public double ClipMinimum { get; }

    public double ClipMaximum { get; }

    /// <summary>A power of two. What of a small x is lost by it is less than any digit of the results: the center is large, or the scale small.</summary>
    private static double PrescaleOf(double center, double scale) =>
        Math.Abs(scale) < AffineRange.SmallestScale(isDouble: true) && scale != 0 ? Math.ScaleB(1, -120)
        : Math.Abs(center) >= AffineRange.LargestCenter(isDouble: true) ? AffineRange.Shrink(isDouble: true)
        : 1;
}
