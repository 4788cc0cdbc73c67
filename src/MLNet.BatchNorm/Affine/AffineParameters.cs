using System.Numerics;
using System.Runtime.Intrinsics;

namespace MLNet.BatchNorm;

/// <summary>The parameters of an <see cref="AffineMap"/> in the precision of the data, laid out for the kernels.</summary>
internal sealed class AffineParameters<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public AffineParameters(AffineMap map)
    {
        FeatureCount = map.FeatureCount;
        int lanes = Vector256<T>.Count;
        Period = FeatureCount * ((lanes + FeatureCount - 1) / FeatureCount);
        int length = checked(Period + lanes);
        High = new T[length];
        Low = new T[length];
        Scale = new T[length];
        Shift = new T[length];
        for (int i = 0; i < length; i++)
        {
            int feature = i % FeatureCount;
            High[i] = Narrow(map.Center[feature], "center", feature);
            Low[i] = T.CreateTruncating(map.Center[feature] - double.CreateTruncating(High[i]));
            Scale[i] = Narrow(map.Scale[feature], "scale", feature);
            Shift[i] = Narrow(map.Shift[feature], "shift", feature);
        }

        Clips = map.Clips;
        ClipMinimum = T.CreateTruncating(map.ClipMinimum);
        ClipMaximum = T.CreateTruncating(map.ClipMaximum);
    }

    public int FeatureCount { get; }

    /// <summary>
    /// After how many places the arrays repeat: the features, as often as fills a vector. The arrays go on for one vector more, so that
    /// a vector may begin anywhere in the period.
    /// </summary>
    public int Period { get; }

    public T[] High { get; }

    public T[] Low { get; }

    public T[] Scale { get; }

    public T[] Shift { get; }

    public bool Clips { get; }

    public T ClipMinimum { get; }

    public T ClipMaximum { get; }

    private static T Narrow(double value, string name, int feature)
    {
        T narrowed = T.CreateTruncating(value);
        return T.IsFinite(narrowed)
            ? narrowed
            : throw new InvalidOperationException(
                $"The {name} {value} of feature {feature} exceeds the range of {typeof(T).Name}. Convert the column to Double first, or leave the feature out.");
    }
}
