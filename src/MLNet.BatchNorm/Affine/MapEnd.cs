using System.Numerics;

namespace MLNet.BatchNorm;

/// <summary>
/// A value and what a map has to make of it, to the last digit, besides center and shift: the far end of a range. Both are numbers of the
/// column's type. Where the value is the center itself, the range is nothing, and is taken for 1.
/// </summary>
/// <remarks>
/// No single factor of the type need do that: of 1 / d, rounded, d times it may be 1 or one digit off, and the next factor misses on the
/// other side. Two factors that are added do.
/// </remarks>
internal readonly record struct MapEnd(double Input, double Output)
{
    private const int Tries = 64;

    /// <summary>What an input stands for that is taken for 1: 1, or the power of two that inputs have been made small by.</summary>
    public double Unit { get; private init; } = 1;

    /// <summary>The same for inputs that are made small by a power of two.</summary>
    public MapEnd Prescaled(double prescale) => this with { Input = Input * prescale, Unit = prescale };

    /// <summary>The factors of a map from the center.</summary>
    public (T Scale, T Remainder) Split<T>(T center, T shift)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T distance = T.CreateTruncating(Input) - center;
        return Split(distance == T.Zero ? T.CreateTruncating(Unit) : distance, shift, T.CreateTruncating(Output));
    }

    /// <summary>
    /// Factors of one sign, Scale + Remainder = (end - start) / distance nearly, with fma(distance, Scale, fma(distance, Remainder, start)) = end.
    /// </summary>
    /// <remarks>Of one sign, and none of them 0, so that infinity stays infinite; both 0 where start is end.</remarks>
    public static (T Scale, T Remainder) Split<T>(T distance, T start, T end)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T span = end - start;
        if (span == T.Zero)
        {
            return (T.Zero, T.Zero);
        }

        // What the rounded difference lacks of the true one (Knuth's TwoSum).
        T part = span + start;
        T error = end - part - (start - (part - span));
        T scale = span / distance;
        (T Scale, T Remainder)? first = null;
        for (int i = 0; i < Tries; i++)
        {
            T rest = (T.FusedMultiplyAdd(-scale, distance, span) + error) / distance;
            if (T.Sign(rest) == T.Sign(scale))
            {
                if (T.FusedMultiplyAdd(distance, scale, T.FusedMultiplyAdd(distance, rest, start)) == end)
                {
                    return (scale, rest);
                }

                first ??= (scale, rest);
            }

            scale = T.IsPositive(scale) ? T.BitDecrement(scale) : T.BitIncrement(scale);
        }

        return first ?? (scale, scale * T.CreateChecked(Math.ScaleB(1, -24)));
    }
}
