using System.Numerics;

namespace MLNet.BatchNorm;

/// <summary>The loop that most data take: finite values of weight 1, two vectors of slots at a time.</summary>
internal static class FiniteMoments<T, TLines, TWide, TNative, TLanes>
    where T : unmanaged, IFloatingPointIeee754<T>
    where TLines : ILines<T>, allows ref struct
    where TLanes : ILanes<T, TWide, TNative>
{
    /// <summary>
    /// Adds a group of slots of all lines, and says whether it could: where a value is not finite nothing is added.
    /// </summary>
    /// <param name="sums">Receives the values.</param>
    /// <param name="lines">The lines.</param>
    /// <param name="lineCount">Number of lines, at least 1.</param>
    /// <param name="slot">The group's first slot; the whole group lies within the lines.</param>
    /// <param name="known">So many slots at the group's beginning have been added before, and are left alone.</param>
    public static bool TryAdd(MomentSums sums, TLines lines, int lineCount, int slot, int known)
    {
        int next = slot + TLanes.Count;
        int ahead = slot * lineCount;
        ref T first = ref lines[0];
        TWide count0 = TLanes.Load(sums.BlockCount, slot);
        TWide count1 = TLanes.Load(sums.BlockCount, next);
        // The first value of a block is what the others are measured from.
        TWide shift0 = TLanes.Select(TLanes.EqualsZero(count0), TLanes.Widen(ref first, slot), TLanes.Load(sums.BlockShift, slot));
        TWide shift1 = TLanes.Select(TLanes.EqualsZero(count1), TLanes.Widen(ref first, next), TLanes.Load(sums.BlockShift, next));
        TWide sum0 = TLanes.Load(sums.BlockSum, slot);
        TWide sum1 = TLanes.Load(sums.BlockSum, next);
        TWide squares0 = TLanes.Load(sums.BlockSquareSum, slot);
        TWide squares1 = TLanes.Load(sums.BlockSquareSum, next);
        // Extremes are compared as they are read: twice as many singles at once. Doubles need the second pair.
        bool isNarrow = typeof(T) == typeof(float);
        TNative minimum0 = TLanes.LoadNative(ref first, slot);
        TNative minimum1 = isNarrow ? minimum0 : TLanes.LoadNative(ref first, next);
        TNative maximum0 = minimum0;
        TNative maximum1 = minimum1;

        for (int line = 0; line < lineCount; line++)
        {
            lines.FetchAhead(ahead + (line * 2 * TLanes.Count));
            ref T source = ref lines[line];
            TWide deviation0 = TLanes.Subtract(TLanes.Widen(ref source, slot), shift0);
            TWide deviation1 = TLanes.Subtract(TLanes.Widen(ref source, next), shift1);
            sum0 = TLanes.Add(sum0, deviation0);
            sum1 = TLanes.Add(sum1, deviation1);
            squares0 = TLanes.MultiplyAdd(deviation0, deviation0, squares0);
            squares1 = TLanes.MultiplyAdd(deviation1, deviation1, squares1);
            TNative x0 = TLanes.LoadNative(ref source, slot);
            minimum0 = TLanes.MinimumNative(minimum0, x0);
            maximum0 = TLanes.MaximumNative(maximum0, x0);
            if (!isNarrow)
            {
                TNative x1 = TLanes.LoadNative(ref source, next);
                minimum1 = TLanes.MinimumNative(minimum1, x1);
                maximum1 = TLanes.MaximumNative(maximum1, x1);
            }
        }

        // A NaN or an infinity anywhere makes the sum of squares NaN or infinite, which minus itself is NaN; so does overflow, which
        // the masked form then confirms.
        if (!TLanes.AllZero(TLanes.Add(TLanes.Subtract(squares0, squares0), TLanes.Subtract(squares1, squares1))))
        {
            return false;
        }

        TWide low = TLanes.WidenLow(minimum0);
        TWide high = TLanes.WidenLow(maximum0);
        Store(sums, slot, known, lineCount, count0, shift0, sum0, squares0, low, high);
        low = TLanes.WidenHigh(minimum0, minimum1);
        high = TLanes.WidenHigh(maximum0, maximum1);
        Store(sums, next, known - TLanes.Count, lineCount, count1, shift1, sum1, squares1, low, high);
        return true;
    }

    private static void Store(
        MomentSums sums, int slot, int known, int lineCount, TWide count, TWide shift, TWide sum, TWide squares, TWide minimum, TWide maximum)
    {
        TWide added = TLanes.Create(lineCount);
        Store(sums.BlockShift, slot, known, shift);
        Store(sums.BlockCount, slot, known, TLanes.Add(count, added));
        Store(sums.BlockWeight, slot, known, TLanes.Add(TLanes.Load(sums.BlockWeight, slot), added));
        Store(sums.BlockSum, slot, known, sum);
        Store(sums.BlockSquareSum, slot, known, squares);
        Store(sums.Minimum, slot, known, TLanes.Minimum(TLanes.Load(sums.Minimum, slot), minimum));
        Store(sums.Maximum, slot, known, TLanes.Maximum(TLanes.Load(sums.Maximum, slot), maximum));
    }

    private static void Store(double[] array, int slot, int known, TWide values) =>
        TLanes.Store(array, slot, known <= 0 ? values : TLanes.Select(TLanes.From(known), values, TLanes.Load(array, slot)));
}
