namespace MLNet.BatchNorm.Persistence;

/// <summary>
/// Stages of <see cref="StockFactors"/> for a map that must hit both ends of a range exactly: (center, shift) and another point.
/// </summary>
/// <remarks>
/// d * scale, rounded, may miss its end for every scale that the type has. Times one more factor close to 1 it hits. Where the range begins
/// at another number than 0, it is made one from 0 to 1, whose ends are hit, and that is made the range.
/// </remarks>
internal static class StockEnds
{
    /// <summary>How many numbers on either side of the nearest one are tried.</summary>
    private const int Steps = 16;

    public static bool AreHit(IReadOnlyCollection<(double Offset, double Scale)> stages, double center, double shift, MapEnd end, bool isDouble) =>
        StockFactors.Apply(stages, center, isDouble) == StockFactors.Round(shift, isDouble)
        && StockFactors.Apply(stages, end.Input, isDouble) == StockFactors.Round(end.Output, isDouble);

    /// <summary>The stages, or null where none are found that hit both ends.</summary>
    public static List<(double Offset, double Scale)>? Factor(double center, double shift, MapEnd end, bool isDouble)
    {
        if (Math.Abs(center) >= AffineRange.LargestCenter(isDouble) || Math.Abs(end.Input) >= AffineRange.LargestCenter(isDouble))
        {
            double shrink = AffineRange.Shrink(isDouble);
            var shrunk = Factor(center * shrink, shift, end with { Input = end.Input * shrink }, isDouble);
            return shrunk is null ? null : [(0, shrink), .. shrunk];
        }

        double distance = StockFactors.Round(end.Input - center, isDouble);
        var stages = shift == 0 ? Stretch(center, distance, end.Output, isDouble) : Move(center, distance, shift, end.Output, isDouble);
        return stages is not null && AreHit(stages, center, shift, end, isDouble) ? stages : null;
    }

    /// <summary>From center to 0, and from the distance beyond it to the target.</summary>
    private static List<(double Offset, double Scale)>? Stretch(double center, double distance, double target, bool isDouble)
    {
        double ratio = target / distance;
        if (!double.IsFinite(ratio))
        {
            return null;
        }

        if (!AffineRange.IsPlain(ratio, isDouble))
        {
            double power = StockFactors.PowerOfTwo(ratio, isDouble);
            var rest = Stretch(0, StockFactors.Round(distance * power, isDouble), target, isDouble);
            return rest is null ? null : [(center, power), .. rest];
        }

        foreach (double scale in Near(ratio, isDouble))
        {
            double reached = StockFactors.Round(distance * scale, isDouble);
            if (reached == target)
            {
                return [(center, scale)];
            }

            foreach (double correction in Near(target / reached, isDouble))
            {
                if (StockFactors.Round(reached * correction, isDouble) == target)
                {
                    return [(center, scale), (0, correction)];
                }
            }
        }

        return null;
    }

    /// <summary>From center to start, and from the distance beyond it to the target.</summary>
    private static List<(double Offset, double Scale)>? Move(double center, double distance, double start, double target, bool isDouble)
    {
        // From 0 to 1 as a rule; where no stage makes that the range, as of -1.7 to 1.9, to another number below 2.
        for (double unit = 1; unit < 2; unit += 1.0 / 16)
        {
            foreach (double scale in Near((target - start) / unit, isDouble))
            {
                foreach (double offset in Near(-start / scale, isDouble).Take(5))
                {
                    (double, double)[] last = [(offset, scale)];
                    if (StockFactors.Apply(last, 0, isDouble) == start && StockFactors.Apply(last, unit, isDouble) == target)
                    {
                        return Stretch(center, distance, unit, isDouble) is { } first ? [.. first, (offset, scale)] : null;
                    }
                }
            }
        }

        return null;
    }

    /// <summary>A number as the type holds it, and its neighbors, the nearest first.</summary>
    private static IEnumerable<double> Near(double value, bool isDouble)
    {
        double up = StockFactors.Round(value, isDouble);
        double down = up;
        yield return up;
        for (int i = 0; i < Steps; i++)
        {
            up = isDouble ? Math.BitIncrement(up) : MathF.BitIncrement((float)up);
            down = isDouble ? Math.BitDecrement(down) : MathF.BitDecrement((float)down);
            yield return up;
            yield return down;
        }
    }
}
