namespace MLNet.BatchNorm;

internal sealed partial class AffineMap
{
    /// <summary>
    /// Offsets so large that no ordinary x changes them, so that (x - offset) * scale is the constant asked for: 2^96 in single
    /// precision (x up to 2^71 is absorbed), 2^192 in double (x up to 2^138).
    /// </summary>
    private const int AbsorbingExponentSingle = 96;
    private const int AbsorbingExponentDouble = 192;

    /// <summary>The map that undoes this one: x = (y - shift) * (1 / scale) + center. What was clipped stays clipped.</summary>
    /// <exception cref="InvalidOperationException">A scale is 0, or so small that 1 / scale is not finite: its feature's values are lost.</exception>
    public AffineMap Inverse()
    {
        var scale = new double[FeatureCount];
        for (int feature = 0; feature < scale.Length; feature++)
        {
            scale[feature] = 1 / _scale[feature];
            if (!double.IsFinite(scale[feature]))
            {
                throw new InvalidOperationException(
                    $"Feature {feature} has scale {_scale[feature]}: every value was mapped to one, and the original values cannot be restored.");
            }
        }

        return new AffineMap(_shift, scale, _center);
    }

    /// <summary>
    /// The same map, clipping aside, as y = (x - offset) * scale, the form of ML.NET's own normalizer: offset = center - shift / scale.
    /// </summary>
    /// <param name="singlePrecision">
    /// Whether the numbers are to be floats (rounded to such, held in double). An offset that a float cannot hold is split in high and
    /// low: y = ((x - high) - low) * scale. In double precision low is 0.
    /// </param>
    /// <remarks>
    /// A scale of 0 with a shift is written as a tiny power of two with the offset that gives the shift exactly; a scale of 0 without
    /// one stays 0, with offset 0.
    /// </remarks>
    public ScaleAndOffset ToScaleAndOffset(bool singlePrecision)
    {
        var scale = new double[FeatureCount];
        var high = new double[FeatureCount];
        var low = new double[FeatureCount];
        for (int feature = 0; feature < scale.Length; feature++)
        {
            double offset;
            if (_scale[feature] != 0)
            {
                scale[feature] = Narrow(_scale[feature], singlePrecision, feature);
                offset = _center[feature] - (_shift[feature] / scale[feature]);
            }
            else if (_shift[feature] != 0)
            {
                int exponent = singlePrecision
                    ? Math.Max(Math.ILogB(_shift[feature]) - AbsorbingExponentSingle, -126)
                    : Math.Max(Math.ILogB(_shift[feature]) - AbsorbingExponentDouble, -1022);
                scale[feature] = Math.ScaleB(1, exponent);
                offset = -_shift[feature] / scale[feature];
            }
            else
            {
                continue;
            }

            high[feature] = Narrow(offset, singlePrecision, feature);
            low[feature] = _scale[feature] == 0 || !singlePrecision ? 0 : (float)(offset - high[feature]);
        }

        return new ScaleAndOffset(scale, high, low);
    }

    private static double Narrow(double value, bool singlePrecision, int feature)
    {
        double narrowed = singlePrecision ? (float)value : value;
        return double.IsFinite(narrowed) && (value == 0 || narrowed != 0)
            ? narrowed
            : throw new InvalidOperationException(
                $"Feature {feature} would need a scale or offset of {value}, beyond the range of {(singlePrecision ? "Single" : "Double")}.");
    }
}
