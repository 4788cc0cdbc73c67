namespace MLNet.BatchNorm.Persistence;

/// <summary>
/// A map y = (x - center) * scale + shift, expressed as stages of the only form that ML.NET stores: (x - offset) * scale, with numbers of the
/// column's own type, rounded after each of the two operations. ONNX is written from the same stages.
/// </summary>
/// <remarks>
/// <para>
/// One stage is enough where the column's type holds the offset exactly, or where its rounding moves no result by more than the results'
/// own rounding does. Otherwise the first stage subtracts the center as the type holds it, which is exact or nearly so for values near the center,
/// and the second subtracts the rest and scales.
/// </para>
/// <para>
/// A center so large that the difference might overflow takes a stage more, which shrinks the data first; a scale of 0 is a stage that gives
/// 0 and one that gives the constant; a map with ends to hit exactly takes the stages of <see cref="StockEnds"/> where these miss.
/// </para>
/// </remarks>
internal static class StockFactors
{
    // How far the rounding of an offset may move the results, as a part of the shift, which is the size of the results at the center:
    // a quarter of a float's last bit; for doubles, four last bits.
    private const double SingleTolerance = 1.0 / (1 << 25);
    private const double DoubleTolerance = 1.0 / (1L << 50);

    /// <summary>The stages, one after the other; each has a number per slot. At least one.</summary>
    public static IReadOnlyList<(double[] Offset, double[] Scale)> Of(StockColumn column)
    {
        var slots = new List<(double Offset, double Scale)>[column.SlotCount];
        for (int slot = 0; slot < slots.Length; slot++)
        {
            slots[slot] = Factor(column, slot);
        }

        int stageCount = slots.Max(stages => stages.Count);
        // A slot that needs fewer stages than another one goes through the others unchanged.
        return [.. Enumerable.Range(0, stageCount).Select(stage => (
            Array.ConvertAll(slots, stages => stage < stages.Count ? stages[stage].Offset : 0),
            Array.ConvertAll(slots, stages => stage < stages.Count ? stages[stage].Scale : 1)))];
    }

    /// <summary>A number as the column's type holds it.</summary>
    public static double Round(double value, bool isDouble) => isDouble ? value : (float)value;

    /// <summary>What the stages make of a value, in the type's arithmetic.</summary>
    public static double Apply(IEnumerable<(double Offset, double Scale)> stages, double value, bool isDouble) =>
        stages.Aggregate(value, (x, stage) => Round(Round(x - stage.Offset, isDouble) * stage.Scale, isDouble));

    /// <summary>2 to the power of a number's exponent, within what two stages of the type can share.</summary>
    public static double PowerOfTwo(double value, bool isDouble)
    {
        int largest = isDouble ? 1000 : 125;
        return Math.ScaleB(1, Math.Clamp(Math.ILogB(value), -largest, largest));
    }

    private static List<(double Offset, double Scale)> Factor(StockColumn column, int slot)
    {
        bool isDouble = column.IsDouble;
        double center = column.Center[slot];
        double shift = column.Shift[slot];
        double scale = AffineRange.Visible(column.Scale[slot], shift, isDouble);
        if (scale == 0)
        {
            return Constant(Round(shift, isDouble));
        }

        var stages = Factor(center, scale, shift, isDouble);
        if (column.Ends.Length == 0 || column.Ends[slot].Input == center)
        {
            return stages;
        }

        var end = column.Ends[slot];
        return StockEnds.AreHit(stages, center, shift, end, isDouble) ? stages : StockEnds.Factor(center, shift, end, isDouble) ?? stages;
    }

    private static List<(double Offset, double Scale)> Factor(double center, double scale, double shift, bool isDouble)
    {
        double largest = AffineRange.LargestCenter(isDouble);
        double offset = center - (shift / scale);
        double rounded = Round(offset, isDouble);
        double moved = (SumError(center, -shift / scale) + (offset - rounded)) * scale;
        if (AffineRange.IsPlain(scale, isDouble) && Math.Abs(rounded) < largest
            && Math.Abs(moved) <= (isDouble ? DoubleTolerance : SingleTolerance) * Math.Abs(shift))
        {
            return [(rounded, Round(scale, isDouble))];
        }

        if (Math.Abs(center) >= largest)
        {
            double shrink = AffineRange.Shrink(isDouble);
            return [(0, shrink), .. Factor(center * shrink, Math.Clamp(scale / shrink, double.MinValue, double.MaxValue), shift, isDouble)];
        }

        double first = AffineRange.IsPlain(scale, isDouble) ? 1 : PowerOfTwo(scale, isDouble);
        double second = Round(scale / first, isDouble);
        double near = Round(center, isDouble);
        return [(near, first), (Round(((center - near) * first) - (shift / (scale / first)), isDouble), second)];
    }

    /// <summary>
    /// ML.NET's loader resets the offset of a slot whose scale is 0, so that only the constant 0 can be written as such: any other is added
    /// behind it. As in memory, infinity gives NaN.
    /// </summary>
    private static List<(double Offset, double Scale)> Constant(double constant) => constant == 0 ? [(0, 0)] : [(0, 0), (-constant, 1)];

    /// <summary>What a + b, rounded to double, lacks of the true sum (Knuth's TwoSum).</summary>
    private static double SumError(double a, double b)
    {
        double sum = a + b;
        double bPart = sum - a;
        return (a - (sum - bPart)) + (b - bPart);
    }
}
