using System.Numerics;
using System.Runtime.Intrinsics;

namespace MLNet.BatchNorm;

/// <summary>The parameters of an <see cref="AffineMap"/> in the precision of the data, laid out for the kernels.</summary>
internal sealed class AffineParameters<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public AffineParameters(AffineMap map)
        : this(map, mayBeWide: true)
    {
    }

    private AffineParameters(AffineMap map, bool mayBeWide)
    {
        bool isDouble = AffineRange.IsDouble<T>();
        FeatureCount = map.FeatureCount;
        int lanes = Vector256<T>.Count;
        Period = FeatureCount * ((lanes + FeatureCount - 1) / FeatureCount);
        SplitsScale = !map.Ends.IsEmpty;
        Clips = map.Clips;
        ClipMinimum = T.CreateTruncating(map.ClipMinimum);
        ClipMaximum = T.CreateTruncating(map.ClipMaximum);
        CheckRange(map, isDouble);
        if (mayBeWide && AffineRange.IsExtreme(map, isDouble))
        {
            Wide = new WideMap<T>(map);
            return;
        }

        int length = checked(Period + lanes);
        High = new T[length];
        Rest = new T[length];
        Scale = new T[length];
        Shift = new T[length];
        for (int i = 0; i < length; i++)
        {
            // Beyond the features themselves the arrays repeat.
            int feature = i < FeatureCount ? i : i % FeatureCount;
            if (i != feature)
            {
                (High[i], Rest[i], Scale[i], Shift[i]) = (High[feature], Rest[feature], Scale[feature], Shift[feature]);
                continue;
            }

            double scale = AffineRange.Visible(map.Scale[feature], map.Shift[feature], isDouble);
            High[i] = T.CreateTruncating(map.Center[feature]);
            Shift[i] = T.CreateTruncating(map.Shift[feature]);
            (Scale[i], Rest[i]) = !SplitsScale
                ? (T.CreateTruncating(scale), T.CreateTruncating(map.Center[feature] - double.CreateTruncating(High[i])))
                : scale == 0
                    ? (T.Zero, T.Zero)
                    : map.Ends[feature].Split(High[i], Shift[i]);
        }
    }

    public int FeatureCount { get; }

    /// <summary>
    /// After how many places the arrays repeat: the features, as often as fills a vector. The arrays go on for one vector more, so that
    /// a vector may begin anywhere in the period.
    /// </summary>
    public int Period { get; }

    /// <summary>The center, as the type holds it.</summary>
    public T[] High { get; } = [];

    /// <summary>What <see cref="High"/> lacks of the center; or, where <see cref="SplitsScale"/>, what <see cref="Scale"/> lacks of the scale.</summary>
    public T[] Rest { get; } = [];

    public T[] Scale { get; } = [];

    public T[] Shift { get; } = [];

    /// <summary>Whether it is the scale that comes in two parts, and not the center, which is then a number of the type.</summary>
    public bool SplitsScale { get; }

    public bool Clips { get; }

    public T ClipMinimum { get; }

    public T ClipMaximum { get; }

    /// <summary>Where not null, a feature's parameters are beyond what plain arithmetic takes; the arrays here are empty then.</summary>
    public WideMap<T>? Wide { get; }

    /// <summary>Those of a map that plain arithmetic takes, which nobody asks it again.</summary>
    public static AffineParameters<T> Plain(AffineMap map) => new(map, mayBeWide: false);

    private static void CheckRange(AffineMap map, bool isDouble)
    {
        for (int feature = 0; feature < map.FeatureCount; feature++)
        {
            if (!AffineRange.Holds(map.Center[feature], map.Scale[feature], map.Shift[feature], isDouble))
            {
                throw new InvalidOperationException(
                    $"The map of feature {feature}, center {map.Center[feature]}, scale {map.Scale[feature]} and shift {map.Shift[feature]}, " +
                    $"exceeds the range of {typeof(T).Name}. Convert the column to Double first, or leave the feature out.");
            }
        }
    }
}
