using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MLNet.BatchNorm;

/// <summary>
/// Adds rows to <see cref="MomentSums"/>, eight slots of a line at a time, all lines of a tile before the next eight: the sums stay in
/// registers. A line is one row, or as many narrow rows as fill whole vectors.
/// </summary>
internal static class MomentKernels
{
    /// <summary>Slots of a line that are summed together.</summary>
    public const int GroupSlots = 8;

    /// <summary>
    /// Adds a tile of row-major rows that lies within one block. Returns whether an infinity was met.
    /// </summary>
    /// <param name="sums">Receives the rows, but for their number.</param>
    /// <param name="rows">The tile's rows, and whatever follows them in memory; only the tile counts, the rest may be read ahead.</param>
    /// <param name="rowCount">Number of rows of the tile.</param>
    /// <param name="weights">One weight per row, or empty (all 1).</param>
    public static bool AddTile<T>(MomentSums sums, ReadOnlySpan<T> rows, int rowCount, ReadOnlySpan<double> weights)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (sums.RowsPerLine == 1)
        {
            return AddLines(sums, rows, rowCount, weights);
        }

        bool infinite = false;
        for (int row = 0; row < rowCount;)
        {
            // A row's place in its line depends on its number in the block alone, so that calls may split lines anywhere.
            int place = (sums.BlockRows + row) % sums.RowsPerLine;
            int lineCount = place == 0 && weights.IsEmpty ? (rowCount - row) / sums.RowsPerLine : 0;
            ReadOnlySpan<T> rest = rows[(row * sums.FeatureCount)..];
            if (lineCount > 0)
            {
                infinite |= AddLines(sums, rest, lineCount, weights);
                row += lineCount * sums.RowsPerLine;
            }
            else
            {
                infinite |= AddRow(sums, rest[..sums.FeatureCount], weights.IsEmpty ? 1 : weights[row], place * sums.FeatureCount);
                row++;
            }
        }

        return infinite;
    }

    private static bool AddLines<T>(MomentSums sums, ReadOnlySpan<T> lines, int lineCount, ReadOnlySpan<double> weights)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        bool infinite = false;
        for (int slot = 0; slot < sums.LineLength; slot += GroupSlots)
        {
            // Most data are finite and unweighted: sum without masks, and start over with masks where a sum turns out not finite.
            int done = weights.IsEmpty ? AddFinite(sums, lines, lineCount, slot) : 0;
            for (int start = slot; done < lineCount && start < Math.Min(slot + GroupSlots, sums.LineLength); start += MomentSums.Lanes)
            {
                infinite |= AddMasked(sums, ref MemoryMarshal.GetReference(lines), done, lineCount, weights, start);
            }
        }

        return infinite;
    }

    /// <summary>One row that does not fill a line, to the very results that whole lines give.</summary>
    private static bool AddRow<T>(MomentSums sums, ReadOnlySpan<T> row, double weight, int firstSlot)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        bool infinite = false;
        for (int feature = 0; weight > 0 && feature < row.Length; feature++)
        {
            double x = RowLoad.Widen(row[feature]);
            int slot = firstSlot + feature;
            if (double.IsFinite(x))
            {
                sums.Add(slot, x, weight);
            }
            else
            {
                sums.LeaveOut(slot, x);
                infinite |= double.IsInfinity(x);
            }
        }

        return infinite;
    }

    /// <summary>
    /// Adds a group of slots of as many lines as can be read eight values at a time: all of them, but for the last slots of the last
    /// lines in memory. Returns their number; 0, with nothing added, where there is a value that is not finite.
    /// </summary>
    private static int AddFinite<T>(MomentSums sums, ReadOnlySpan<T> lines, int lineCount, int slot)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int stride = sums.LineLength;
        int readable = lines.Length - slot - GroupSlots;
        lineCount = readable < 0 ? 0 : Math.Min(lineCount, (readable / stride) + 1);
        if (lineCount == 0)
        {
            return 0;
        }

        ref T source = ref Unsafe.Add(ref MemoryMarshal.GetReference(lines), slot);
        // While this tile is summed, the next one is brought to the cache, an eighth of a row at a time but in the order of memory.
        int tile = lineCount * stride;
        ref T ahead = ref Unsafe.Add(ref MemoryMarshal.GetReference(lines), (lines.Length - tile >= tile ? tile : 0) + (slot * lineCount));
        Vector256<double> count0 = At(sums.BlockCount, slot);
        Vector256<double> count1 = At(sums.BlockCount, slot + MomentSums.Lanes);
        Vector256<double> shift0 = FirstOf(count0, RowLoad.Full(ref source, 0), At(sums.BlockShift, slot));
        Vector256<double> shift1 = FirstOf(
            count1, RowLoad.Full(ref source, MomentSums.Lanes), At(sums.BlockShift, slot + MomentSums.Lanes));
        Vector256<double> sum0 = At(sums.BlockSum, slot);
        Vector256<double> sum1 = At(sums.BlockSum, slot + MomentSums.Lanes);
        Vector256<double> squares0 = At(sums.BlockSquareSum, slot);
        Vector256<double> squares1 = At(sums.BlockSquareSum, slot + MomentSums.Lanes);
        // Extremes are compared as they are read: eight singles at once.
        Vector256<T> minimum0 = Vector256.LoadUnsafe(ref source);
        Vector256<T> minimum1 = Vector256.LoadUnsafe(ref source, (nuint)(GroupSlots - Vector256<T>.Count));
        Vector256<T> maximum0 = minimum0;
        Vector256<T> maximum1 = minimum1;

        nuint index = 0;
        for (int line = 0; line < lineCount; line++, index += (nuint)stride)
        {
            if (Sse.IsSupported)
            {
                unsafe
                {
                    Sse.Prefetch0(Unsafe.AsPointer(ref Unsafe.Add(ref ahead, line * GroupSlots)));
                }
            }

            Vector256<double> deviation0 = RowLoad.Full(ref source, index) - shift0;
            Vector256<double> deviation1 = RowLoad.Full(ref source, index + MomentSums.Lanes) - shift1;
            sum0 += deviation0;
            sum1 += deviation1;
            squares0 = Vector256.MultiplyAddEstimate(deviation0, deviation0, squares0);
            squares1 = Vector256.MultiplyAddEstimate(deviation1, deviation1, squares1);
            Vector256<T> x0 = Vector256.LoadUnsafe(ref source, index);
            minimum0 = Vector256.MinNative(minimum0, x0);
            maximum0 = Vector256.MaxNative(maximum0, x0);
            if (Vector256<T>.Count < GroupSlots)
            {
                Vector256<T> x1 = Vector256.LoadUnsafe(ref source, index + MomentSums.Lanes);
                minimum1 = Vector256.MinNative(minimum1, x1);
                maximum1 = Vector256.MaxNative(maximum1, x1);
            }
        }

        // A NaN or an infinity anywhere makes the sum of squares NaN or infinite; so does overflow, which the masked form then confirms.
        if (!IsFinite(squares0, stride - slot) || !IsFinite(squares1, stride - slot - MomentSums.Lanes))
        {
            return 0;
        }

        Store(sums, slot, count0, shift0, sum0, squares0, lineCount);
        Store(sums, slot + MomentSums.Lanes, count1, shift1, sum1, squares1, lineCount);
        StoreExtremes(sums, slot, RowLoad.WidenLow(minimum0), RowLoad.WidenLow(maximum0));
        StoreExtremes(sums, slot + MomentSums.Lanes, RowLoad.WidenHigh(minimum0, minimum1), RowLoad.WidenHigh(maximum0, maximum1));
        return lineCount;
    }

    /// <summary>Adds four slots of the lines from <paramref name="firstLine"/> on; any values, any weights.</summary>
    private static bool AddMasked<T>(
        MomentSums sums, ref T source, int firstLine, int lineCount, ReadOnlySpan<double> weights, int slot)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int lanes = Math.Min(MomentSums.Lanes, sums.LineLength - slot);
        nuint stride = (nuint)sums.LineLength;
        Vector256<double> one = Vector256<double>.One;
        Vector256<double> shift = At(sums.BlockShift, slot);
        Vector256<double> count = At(sums.BlockCount, slot);
        Vector256<double> weightSum = At(sums.BlockWeight, slot);
        Vector256<double> sum = At(sums.BlockSum, slot);
        Vector256<double> squares = At(sums.BlockSquareSum, slot);
        Vector256<double> minimum = At(sums.Minimum, slot);
        Vector256<double> maximum = At(sums.Maximum, slot);
        Vector256<double> missing = At(sums.Missing, slot);
        Vector256<double> infinite = At(sums.Infinite, slot);
        Vector256<double> infiniteBefore = infinite;

        nuint index = ((nuint)firstLine * stride) + (nuint)slot;
        for (int line = firstLine; line < lineCount; line++, index += stride)
        {
            double lineWeight = weights.IsEmpty ? 1 : weights[line];
            if (lineWeight == 0)
            {
                continue;
            }

            Vector256<double> x = RowLoad.Lanes(ref source, index, lanes);
            // Infinity minus itself is NaN, as is NaN minus anything.
            Vector256<double> valid = Vector256.Equals(x - x, Vector256<double>.Zero);
            Vector256<double> present = Vector256.Equals(x, x);
            shift = Vector256.ConditionalSelect(valid, FirstOf(count, x, shift), shift);
            Vector256<double> weight = Vector256.Create(lineWeight) & valid;
            Vector256<double> deviation = (x - shift) & valid;
            Vector256<double> weighted = deviation * weight;
            count += one & valid;
            weightSum += weight;
            sum += weighted;
            squares = Vector256.MultiplyAddEstimate(weighted, deviation, squares);
            minimum = Vector256.MinNative(minimum, Vector256.ConditionalSelect(valid, x, minimum));
            maximum = Vector256.MaxNative(maximum, Vector256.ConditionalSelect(valid, x, maximum));
            missing += Vector256.AndNot(one, present);
            infinite += Vector256.AndNot(one & present, valid);
        }

        Store(sums.BlockShift, slot, shift);
        Store(sums.BlockCount, slot, count);
        Store(sums.BlockWeight, slot, weightSum);
        Store(sums.BlockSum, slot, sum);
        Store(sums.BlockSquareSum, slot, squares);
        Store(sums.Minimum, slot, minimum);
        Store(sums.Maximum, slot, maximum);
        Store(sums.Missing, slot, missing);
        Store(sums.Infinite, slot, infinite);
        return infinite != infiniteBefore;
    }

    /// <summary>The shift of each lane: the value, where it is the block's first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> FirstOf(Vector256<double> count, Vector256<double> x, Vector256<double> shift) =>
        Vector256.ConditionalSelect(Vector256.Equals(count, Vector256<double>.Zero), x, shift);

    /// <summary>Whether the first lanes are finite; what lies beyond a line's end does not count.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsFinite(Vector256<double> x, int lanes)
    {
        Vector256<double> beyond = Vector256.GreaterThanOrEqual(Vector256.Create(0.0, 1, 2, 3), Vector256.Create((double)lanes));
        return (Vector256.Equals(x - x, Vector256<double>.Zero) | beyond).ExtractMostSignificantBits() == 0b1111;
    }

    private static void Store(
        MomentSums sums,
        int slot,
        Vector256<double> count,
        Vector256<double> shift,
        Vector256<double> sum,
        Vector256<double> squares,
        double lineCount)
    {
        Vector256<double> added = Vector256.Create(lineCount);
        Store(sums.BlockShift, slot, shift);
        Store(sums.BlockCount, slot, count + added);
        Store(sums.BlockWeight, slot, At(sums.BlockWeight, slot) + added);
        Store(sums.BlockSum, slot, sum);
        Store(sums.BlockSquareSum, slot, squares);
    }

    private static void StoreExtremes(MomentSums sums, int slot, Vector256<double> minimum, Vector256<double> maximum)
    {
        Store(sums.Minimum, slot, Vector256.MinNative(At(sums.Minimum, slot), minimum));
        Store(sums.Maximum, slot, Vector256.MaxNative(At(sums.Maximum, slot), maximum));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> At(double[] array, int index) => Vector256.LoadUnsafe(ref array[0], (nuint)index);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(double[] array, int index, Vector256<double> value) => value.StoreUnsafe(ref array[0], (nuint)index);
}
