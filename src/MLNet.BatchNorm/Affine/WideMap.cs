using System.Numerics;

namespace MLNet.BatchNorm;

/// <summary>A map near the ends of its type's range, computed in double precision: slower, and right wherever the result is finite.</summary>
/// <remarks>
/// Singles are far from the ends of double. Doubles are made small before the difference is taken, by a power of two, and the scale is made
/// larger by it: no step is then infinite before the result is. What of a small x is lost by it is less than any digit of the results: the
/// center is large, or the scale small.
/// </remarks>
internal sealed class WideMap<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly AffineParameters<double> _map;
    private readonly double[] _prescale;

    public WideMap(AffineMap map)
    {
        var center = map.Center.ToArray();
        var scale = map.Scale.ToArray();
        var ends = map.Ends.ToArray();
        _prescale = new double[map.FeatureCount];
        for (int feature = 0; feature < _prescale.Length; feature++)
        {
            scale[feature] = AffineRange.Visible(scale[feature], map.Shift[feature], AffineRange.IsDouble<T>());
            double prescale = AffineRange.IsDouble<T>() ? PrescaleOf(center[feature], scale[feature]) : 1;
            _prescale[feature] = prescale;
            center[feature] *= prescale;
            scale[feature] = Math.Clamp(scale[feature] / prescale, double.MinValue, double.MaxValue);
            if (ends.Length > 0)
            {
                ends[feature] = ends[feature].Prescaled(prescale);
            }
        }
        _map = AffineParameters<double>.Plain(new AffineMap(center, scale, map.Shift, map.ClipMinimum, map.ClipMaximum, ends));
    }

    public void Apply(ReadOnlySpan<T> source, Span<T> destination)
    {
        for (int i = 0; i < source.Length; i++)
        {
            destination[i] = ApplyOne(i % _prescale.Length, source[i]);
        }
    }

    public T ApplyOne(int position, T value) =>
        T.CreateTruncating(AffineKernels.ApplyOne(_map, position, double.CreateTruncating(value) * _prescale[position]));

    private static double PrescaleOf(double center, double scale) =>
        scale != 0 && Math.Abs(scale) < AffineRange.SmallestScale(isDouble: true) ? Math.ScaleB(1, -120)
        : Math.Abs(center) >= AffineRange.LargestCenter(isDouble: true) ? AffineRange.Shrink(isDouble: true)
        : 1;
}
