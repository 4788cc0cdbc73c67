using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MLNet.BatchNorm;

/// <summary>
/// Adds rows to <see cref="MomentSums"/>, four features at a time, all rows of a tile before the next four: the sums stay in registers.
/// </summary>
internal static class MomentKernels
{
    /// <summary>
    /// Adds a tile of row-major rows that lies within one block. <paramref name="weights"/> holds one weight per row, or is empty (all 1).
    /// Returns whether an infinity was met.
    /// </summary>
    public static bool AddTile<T>(MomentSums sums, ReadOnlySpan<T> rows, int rowCount, ReadOnlySpan<double> weights)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ref T source = ref MemoryMarshal.GetReference(rows);
        int featureCount = sums.FeatureCount;
        bool infinite = false;
        for (int feature = 0; feature < featureCount; feature += MomentSums.Lanes)
        {
            int lanes = Math.Min(MomentSums.Lanes, featureCount - feature);
            // Most data are finite and unweighted: sum without masks, and start over with masks where a sum turns out not finite.
            if (!weights.IsEmpty || !TryAddFinite(sums, ref source, rowCount, feature, lanes))
            {
                infinite |= AddMasked(sums, ref source, rowCount, weights, feature, lanes);
            }
        }

        return infinite;
    }

    private static bool TryAddFinite<T>(MomentSums sums, ref T source, int rowCount, int feature, int lanes)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        nuint stride = (nuint)sums.FeatureCount;
        Vector256<double> count = At(sums.BlockCount, feature);
        Vector256<double> shift = Vector256.ConditionalSelect(
            Vector256.Equals(count, Vector256<double>.Zero), RowLoad.Lanes(ref source, (nuint)feature, lanes), At(sums.BlockShift, feature));
        Vector256<double> sum = At(sums.BlockSum, feature);
        Vector256<double> squares = At(sums.BlockSquareSum, feature);
        Vector256<double> minimum = At(sums.Minimum, feature);
        Vector256<double> maximum = At(sums.Maximum, feature);

        nuint index = (nuint)feature;
        for (int row = 0; row < rowCount; row++, index += stride)
        {
            Vector256<double> x = RowLoad.Lanes(ref source, index, lanes);
            Vector256<double> deviation = x - shift;
            sum += deviation;
            squares = Vector256.MultiplyAddEstimate(deviation, deviation, squares);
            minimum = Vector256.MinNative(minimum, x);
            maximum = Vector256.MaxNative(maximum, x);
        }

        // A NaN or an infinity anywhere makes the sum of squares NaN or infinite; so does overflow, which the masked form then confirms.
        if (!Vector256.EqualsAll(squares - squares, Vector256<double>.Zero))
        {
            return false;
        }

        Vector256<double> added = Vector256.Create((double)rowCount);
        Store(sums.BlockShift, feature, shift);
        Store(sums.BlockCount, feature, count + added);
        Store(sums.BlockWeight, feature, At(sums.BlockWeight, feature) + added);
        Store(sums.BlockSum, feature, sum);
        Store(sums.BlockSquareSum, feature, squares);
        Store(sums.Minimum, feature, minimum);
        Store(sums.Maximum, feature, maximum);
        return true;
    }

    private static bool AddMasked<T>(
        MomentSums sums, ref T source, int rowCount, ReadOnlySpan<double> weights, int feature, int lanes)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        nuint stride = (nuint)sums.FeatureCount;
        Vector256<double> one = Vector256<double>.One;
        Vector256<double> shift = At(sums.BlockShift, feature);
        Vector256<double> count = At(sums.BlockCount, feature);
        Vector256<double> weightSum = At(sums.BlockWeight, feature);
        Vector256<double> sum = At(sums.BlockSum, feature);
        Vector256<double> squares = At(sums.BlockSquareSum, feature);
        Vector256<double> minimum = At(sums.Minimum, feature);
        Vector256<double> maximum = At(sums.Maximum, feature);
        Vector256<double> missing = At(sums.Missing, feature);
        Vector256<double> infinite = At(sums.Infinite, feature);
        Vector256<double> infiniteBefore = infinite;

        nuint index = (nuint)feature;
        for (int row = 0; row < rowCount; row++, index += stride)
        {
            double rowWeight = weights.IsEmpty ? 1 : weights[row];
            if (rowWeight == 0)
            {
                continue;
            }

            Vector256<double> x = RowLoad.Lanes(ref source, index, lanes);
            Vector256<double> valid = IsFinite(x);
            Vector256<double> present = Vector256.Equals(x, x);
            Vector256<double> isFirst = Vector256.Equals(count, Vector256<double>.Zero) & valid;
            shift = Vector256.ConditionalSelect(isFirst, x, shift);
            Vector256<double> weight = Vector256.Create(rowWeight) & valid;
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

        Store(sums.BlockShift, feature, shift);
        Store(sums.BlockCount, feature, count);
        Store(sums.BlockWeight, feature, weightSum);
        Store(sums.BlockSum, feature, sum);
        Store(sums.BlockSquareSum, feature, squares);
        Store(sums.Minimum, feature, minimum);
        Store(sums.Maximum, feature, maximum);
        Store(sums.Missing, feature, missing);
        Store(sums.Infinite, feature, infinite);
        return infinite != infiniteBefore;
    }

    /// <summary>All bits set where the value is finite: infinity minus itself is NaN, as is NaN minus anything.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> IsFinite(Vector256<double> x) => Vector256.Equals(x - x, Vector256<double>.Zero);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> At(double[] array, int index) => Vector256.LoadUnsafe(ref array[0], (nuint)index);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(double[] array, int index, Vector256<double> value) => value.StoreUnsafe(ref array[0], (nuint)index);
}
