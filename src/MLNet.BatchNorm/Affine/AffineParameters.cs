using System.Numerics;
using System.Runtime.Intrinsics;

namespace MLNet.BatchNorm;

/// <summary>The parameters of an <see cref="AffineMap"/> in the precision of the data, laid out for the kernels.</summary>
internal sealed class AffineParameters<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Features below this are repeated until a whole number of vectors is filled, so that narrow rows need no tail each.</summary>
    private const int RepeatBelow = 256;

    public AffineParameters(AffineMap map)
    {
        FeatureCount = map.FeatureCount;
        int repeats = FeatureCount < RepeatBelow ? Vector256<T>.Count / (int)BigInteger.GreatestCommonDivisor(FeatureCount, Vector256<T>.Count) : 1;
        PatternLength = FeatureCount * repeats;
        High = new T[PatternLength];
        Low = new T[PatternLength];
        Scale = new T[PatternLength];
        Shift = new T[PatternLength];
        for (int i = 0; i < PatternLength; i++)
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

    /// <summary>Length of the arrays: the features, repeated as often as fills whole vectors, or once.</summary>
    public int PatternLength { get; }

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
