using System.Numerics;

namespace MLNet.BatchNorm;

/// <summary>
/// Where the plain arithmetic of a column's type would leave its range although the result does not: what the maps in memory, in the zip
/// and in ONNX all go by.
/// </summary>
/// <remarks>
/// Beyond these bounds a difference x - center may overflow, or a factor and its rounding error fall below the smallest normal number.
/// They are powers of two, well inside of the range, so that no bound itself is a matter of rounding.
/// </remarks>
internal static class AffineRange
{
    private const int LargestSingleScaleExponent = 250;

    /// <summary>From this size of a center on, x - center may be infinite for a finite x.</summary>
    public static double LargestCenter(bool isDouble) => isDouble ? Math.ScaleB(1, 968) : Math.ScaleB(1, 100);

    /// <summary>Plain arithmetic takes scales from this to its inverse.</summary>
    public static double SmallestScale(bool isDouble) => isDouble ? Math.ScaleB(1, -900) : Math.ScaleB(1, -100);

    /// <summary>A factor, exact, that brings all numbers of the type below <see cref="LargestCenter"/>.</summary>
    public static double Shrink(bool isDouble) => isDouble ? Math.ScaleB(1, -56) : Math.ScaleB(1, -28);

    /// <summary>Whether a map needs more than the plain arithmetic of its type, in any feature. A scale of 0 does not.</summary>
    public static bool IsExtreme(AffineMap map, bool isDouble)
    {
        for (int feature = 0; feature < map.FeatureCount; feature++)
        {
            double scale = map.Scale[feature];
            if (Math.Abs(map.Center[feature]) >= LargestCenter(isDouble) || (scale != 0 && !IsPlain(scale, isDouble)))
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>Whether a scale is neither so small nor so large that it has to be split.</summary>
    public static bool IsPlain(double scale, bool isDouble) =>
        Math.Abs(scale) >= SmallestScale(isDouble) && Math.Abs(scale) <= 1 / SmallestScale(isDouble);

    /// <summary>
    /// The scale, or 0 where it is so small that no finite value of the type moves the result by half its last digit: the map is then the
    /// constant <paramref name="shift"/>, of infinity as of any scale 0 NaN.
    /// </summary>
    public static double Visible(double scale, double shift, bool isDouble)
    {
        // The largest difference of two values, 2^1025 or 2^129, against a quarter of the last digit of the shift, or of the smallest number.
        // Both sides of the comparison of doubles are scaled by 2^-25, lest they overflow.
        bool isVisible = isDouble
            ? Math.ScaleB(Math.Abs(scale), 1000) >= Math.ScaleB(Math.Abs(shift), -79)
            : Math.ScaleB(Math.Abs(scale), 129) >= Math.Max(Math.ScaleB(Math.Abs(shift), -26), Math.ScaleB(1, -151));
        return isVisible ? scale : 0;
    }

    /// <summary>Whether the type can hold the map: center and shift, and a scale as the product of two numbers.</summary>
    public static bool Holds(double center, double scale, double shift, bool isDouble) =>
        isDouble || (float.IsFinite((float)center) && float.IsFinite((float)shift) && Math.Abs(scale) <= Math.ScaleB(1, LargestSingleScaleExponent));

    public static bool IsDouble<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => typeof(T) == typeof(double)
            || (typeof(T) == typeof(float) ? false : throw new NotSupportedException($"Expected values of type Single or Double, and found {typeof(T).Name}."));
}
