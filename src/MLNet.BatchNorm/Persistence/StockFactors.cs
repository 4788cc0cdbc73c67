namespace MLNet.BatchNorm.Persistence;

/// <summary>
/// A map y = (x - center) * scale + shift, expressed as one or two stages of the only form that ML.NET stores: (x - offset) * scale,
/// with numbers of the column's own type.
/// </summary>
/// <remarks>
/// One stage is enough where the column's type holds the offset exactly, or where its rounding moves no result by more than the results'
/// own rounding does. Otherwise the first stage subtracts the center as the type holds it, which is exact or nearly so for values near the center,
/// and the second subtracts the rest and scales.
/// </remarks>
internal sealed class StockFactors
{
    // How far the rounding of an offset may move the results, as a part of the shift, which is the size of the results at the center:
    // a quarter of a float's last bit; for doubles, four last bits.
    private const double SingleTolerance = 1.0 / (1 << 25);
    private const double DoubleTolerance = 1.0 / (1L << 50);

    private readonly bool _isDouble;

    private StockFactors(int slotCount, bool isDouble)
    {
        _isDouble = isDouble;
        FirstOffset = new double[slotCount];
        FirstScale = new double[slotCount];
        SecondOffset = new double[slotCount];
        SecondScale = new double[slotCount];
    }

    public double[] FirstOffset { get; }

    public double[] FirstScale { get; }

    public double[] SecondOffset { get; }

    public double[] SecondScale { get; }

    /// <summary>Whether any slot needs the second stage.</summary>
    public bool NeedsSecond { get; private set; }

    public static StockFactors Of(StockColumn column)
    {
        var factors = new StockFactors(column.SlotCount, column.IsDouble);
        for (int slot = 0; slot < column.SlotCount; slot++)
        {
            factors.Factor(slot, column.Center[slot], column.Scale[slot], column.Shift[slot]);
        }
        return factors;
    }

    private void Factor(int slot, double center, double scale, double shift)
    {
        if (Round(scale) == 0)
        {
            FactorConstant(slot, shift);
            return;
        }

        double offset = center - (shift / scale);
        double rounded = Round(offset);
        double moved = (SumError(center, -shift / scale) + (offset - rounded)) * scale;
        bool scaleFits = Math.Abs(scale) >= SmallestScale && Math.Abs(scale) <= 1 / SmallestScale;
        if (scaleFits && Math.Abs(moved) <= (_isDouble ? DoubleTolerance : SingleTolerance) * Math.Abs(shift))
        {
            Set(slot, rounded, Round(scale), 0, 1);
            return;
        }

        NeedsSecond = true;
        if (Math.Abs(scale) < SmallestScale)
        {
            // The data fill the type's whole range: shrink first, lest the difference overflow.
            double second = scale / SmallestScale;
            Set(slot, 0, SmallestScale, Round((center * SmallestScale) - (shift / second)), Round(second));
        }
        else
        {
            // An enormous scale, of values near the smallest that the type holds, is split, too.
            double first = scaleFits ? 1 : 1 / SmallestScale;
            double near = Round(center);
            Set(slot, near, first, Round(((center - near) - (shift / scale)) * first), Round(scale / first));
        }
    }

    /// <summary>
    /// ML.NET's loader resets the offset of a slot whose scale is 0, so that only the constant 0 can be written as such. Any other
    /// constant c is (x + c * 2^k) * 2^-k with k so large that x is lost in the sum.
    /// </summary>
    private void FactorConstant(int slot, double constant)
    {
        double rounded = Round(constant);
        if (rounded == 0)
        {
            Set(slot, 0, 0, 0, 1);
            return;
        }
        (int largestExponent, int smallestExponent) = _isDouble ? (1022, -1022) : (126, -126);
        int power = Math.Min(largestExponent - 1 - Math.ILogB(rounded), -smallestExponent);
        Set(slot, -Math.ScaleB(rounded, power), Math.ScaleB(1, -power), 0, 1);
    }

    private void Set(int slot, double firstOffset, double firstScale, double secondOffset, double secondScale)
    {
        FirstOffset[slot] = firstOffset;
        FirstScale[slot] = firstScale;
        SecondOffset[slot] = secondOffset;
        SecondScale[slot] = secondScale;
    }

    // Scales below this (or above its inverse) come from data at the ends of the type's range. A power of two, so that it adds no error.
    private double SmallestScale => _isDouble ? Math.ScaleB(1, -900) : Math.ScaleB(1, -100);

    private double Round(double value) => _isDouble ? value : (float)value;

    /// <summary>What a + b, rounded to double, lacks of the true sum (Knuth's TwoSum).</summary>
    private static double SumError(double a, double b)
    {
        double sum = a + b;
        double bPart = sum - a;
        return (a - (sum - bPart)) + (b - bPart);
    }
}
