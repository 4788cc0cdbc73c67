using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MLNet.BatchNorm;

/// <summary>
/// Adds rows to <see cref="MomentSums"/>, two vectors of slots of a line at a time, all lines of a tile before the next two: the sums stay
/// in registers. A line is one row, or as many narrow rows as fill whole vectors.
/// </summary>
internal static class MomentKernels
{
    /// <summary>The fewest slots of a line: two vectors of 256 bits.</summary>
    public const int GroupSlots = 8;

    /// <summary>
    /// Adds a tile of row-major rows that lies within one block. Returns whether an infinity was met.
    /// </summary>
    /// <param name="sums">Receives the rows, but for their number.</param>
    /// <param name="rows">The tile's rows, and whatever follows them in memory; only the tile counts, the rest may be fetched.</param>
    /// <param name="rowCount">Number of rows of the tile.</param>
    /// <param name="weights">One weight per row, or empty (all 1).</param>
    public static bool AddTile<T>(MomentSums sums, ReadOnlySpan<T> rows, int rowCount, ReadOnlySpan<double> weights)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (sums.RowsPerLine == 1)
        {
            return AddLines<T, MatrixLines<T>>(sums, new MatrixLines<T>(rows, rowCount, sums.LineLength), rowCount, weights);
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
                infinite |= AddLines<T, MatrixLines<T>>(sums, new MatrixLines<T>(rest, lineCount, sums.LineLength), lineCount, weights);
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

    /// <summary>Adds lines that lie within one block, wherever they stand. Returns whether an infinity was met.</summary>
    public static bool AddLines<T, TLines>(MomentSums sums, TLines lines, int lineCount, ReadOnlySpan<double> weights)
        where T : unmanaged, IFloatingPointIeee754<T>
        where TLines : ILines<T>, allows ref struct
        => Vector512.IsHardwareAccelerated && sums.LineLength >= 2 * Vector512<double>.Count
            ? AddGroups<T, TLines, Vector512<double>, Vector512<T>, Lanes512<T>>(sums, lines, lineCount, weights)
            : AddGroups<T, TLines, Vector256<double>, Vector256<T>, Lanes256<T>>(sums, lines, lineCount, weights);

    private static bool AddGroups<T, TLines, TWide, TNative, TLanes>(MomentSums sums, TLines lines, int lineCount, ReadOnlySpan<double> weights)
        where T : unmanaged, IFloatingPointIeee754<T>
        where TLines : ILines<T>, allows ref struct
        where TLanes : ILanes<T, TWide, TNative>
    {
        bool infinite = false;
        int group = 2 * TLanes.Count;
        for (int slot = 0; slot < sums.LineLength; slot += group)
        {
            // The last group begins where it is whole; what it shares with the one before is not added twice.
            int start = Math.Min(slot, sums.LineLength - group);
            // Most data are finite and unweighted: sum without masks, and start over with masks where a sum turns out not finite.
            if (weights.IsEmpty && FiniteMoments<T, TLines, TWide, TNative, TLanes>.TryAdd(sums, lines, lineCount, start, slot - start))
            {
                continue;
            }

            for (int first = slot; first < Math.Min(slot + group, sums.LineLength); first += MomentSums.Lanes)
            {
                infinite |= AddMasked<T, TLines>(sums, lines, lineCount, weights, first);
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

    /// <summary>Adds four slots of the lines; any values, any weights.</summary>
    private static bool AddMasked<T, TLines>(MomentSums sums, TLines lines, int lineCount, ReadOnlySpan<double> weights, int slot)
        where T : unmanaged, IFloatingPointIeee754<T>
        where TLines : ILines<T>, allows ref struct
    {
        int lanes = Math.Min(MomentSums.Lanes, sums.LineLength - slot);
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

        for (int line = 0; line < lineCount; line++)
        {
            double lineWeight = weights.IsEmpty ? 1 : weights[line];
            if (lineWeight == 0)
            {
                continue;
            }

            Vector256<double> x = RowLoad.Lanes(ref lines[line], (nuint)slot, lanes);
            // Infinity minus itself is NaN, as is NaN minus anything.
            Vector256<double> valid = Vector256.Equals(x - x, Vector256<double>.Zero);
            Vector256<double> present = Vector256.Equals(x, x);
            Vector256<double> first = Vector256.Equals(count, Vector256<double>.Zero);
            shift = Vector256.ConditionalSelect(valid & first, x, shift);
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

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> At(double[] array, int index) => Vector256.LoadUnsafe(ref array[0], (nuint)index);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(double[] array, int index, Vector256<double> value) => value.StoreUnsafe(ref array[0], (nuint)index);
}
