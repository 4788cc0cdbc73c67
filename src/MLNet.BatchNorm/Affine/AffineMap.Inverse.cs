namespace MLNet.BatchNorm;

internal sealed partial class AffineMap
{
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
}
