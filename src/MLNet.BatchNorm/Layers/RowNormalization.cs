using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MLNet.BatchNorm;

/// <summary>The kernels of layer, group and root mean square normalization, one row or group at a time, in double precision.</summary>
/// <remarks>They are not inlined: in larger methods the compiler no longer inlines what they are made of, and they take five times as long.</remarks>
internal static class RowNormalization
{
    private static int Lanes => Vector256<double>.Count;

    /// <summary>Mean and population variance of a row, in two passes over it: the row is still in the first cache at the second.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static (double Mean, double Variance) Measure<T>(ReadOnlySpan<T> row)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        // Deviations from the first value, so that a large offset that the row has in common leaves no rounding error in the mean.
        double first = RowLoad.Widen(row[0]);
        double mean = first + (Sums(row, first).Sum / row.Length);
        (double sum, double squares) = Sums(row, mean);
        double rest = sum / row.Length;
        return (mean + rest, Math.Max(0, (squares / row.Length) - (rest * rest)));
    }

    /// <summary>The mean of the squares of a row.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static double MeanSquare<T>(ReadOnlySpan<T> row)
        where T : unmanaged, IFloatingPointIeee754<T> => Sums(row, 0).Squares / row.Length;

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Forward<T>(
        ReadOnlySpan<T> row, Span<T> result, double mean, double inverseDeviation, ReadOnlySpan<double> gamma, ReadOnlySpan<double> beta)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ref T source = ref MemoryMarshal.GetReference(row);
        ref T destination = ref MemoryMarshal.GetReference(result);
        ref double scales = ref MemoryMarshal.GetReference(gamma);
        ref double shifts = ref MemoryMarshal.GetReference(beta);
        Vector256<double> center = Vector256.Create(mean);
        Vector256<double> inverse = Vector256.Create(inverseDeviation);
        int length = row.Length;
        int feature = 0;
        for (; feature <= length - Lanes; feature += Lanes)
        {
            Step(ref source, ref destination, ref scales, ref shifts, (nuint)feature, Lanes, center, inverse);
        }

        if (feature < length)
        {
            Step(ref source, ref destination, ref scales, ref shifts, (nuint)feature, length - feature, center, inverse);
        }
    }

    /// <summary>Writes the gradient of one row's input, and adds the row to the gradients of gamma and beta; the mean, where it was one, depends on the row.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Backward<T>(
        ReadOnlySpan<T> row,
        ReadOnlySpan<T> outputGradient,
        Span<T> inputGradient,
        double mean,
        double inverseDeviation,
        ReadOnlySpan<double> gamma,
        Span<double> gammaGradient,
        Span<double> betaGradient,
        bool centers)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ref T x = ref MemoryMarshal.GetReference(row);
        ref T g = ref MemoryMarshal.GetReference(outputGradient);
        ref T result = ref MemoryMarshal.GetReference(inputGradient);
        ref double scales = ref MemoryMarshal.GetReference(gamma);
        ref double gammaSums = ref MemoryMarshal.GetReference(gammaGradient);
        ref double betaSums = ref MemoryMarshal.GetReference(betaGradient);
        Vector256<double> center = Vector256.Create(mean);
        Vector256<double> inverse = Vector256.Create(inverseDeviation);
        Vector256<double> sum = Vector256<double>.Zero;
        Vector256<double> product = Vector256<double>.Zero;
        int length = row.Length;
        for (int feature = 0; feature < length; feature += Lanes)
        {
            // Beyond the end of the row g is 0, and so are the terms of all four sums.
            int lanes = Math.Min(Lanes, length - feature);
            nuint index = (nuint)feature;
            Vector256<double> gradient = RowLoad.Lanes(ref g, index, lanes);
            Vector256<double> normalized = (RowLoad.Lanes(ref x, index, lanes) - center) * inverse;
            Vector256<double> scaled = gradient * RowLoad.Lanes(ref scales, index, lanes);
            sum += scaled;
            product = Vector256.MultiplyAddEstimate(scaled, normalized, product);
            RowStore.Lanes(ref betaSums, index, lanes, RowLoad.Lanes(ref betaSums, index, lanes) + gradient);
            RowStore.Lanes(
                ref gammaSums, index, lanes, Vector256.MultiplyAddEstimate(gradient, normalized, RowLoad.Lanes(ref gammaSums, index, lanes)));
        }

        Vector256<double> meanGradient = Vector256.Create(centers ? Vector256.Sum(sum) / length : 0);
        Vector256<double> meanProduct = Vector256.Create(Vector256.Sum(product) / length);
        for (int feature = 0; feature < length; feature += Lanes)
        {
            int lanes = Math.Min(Lanes, length - feature);
            nuint index = (nuint)feature;
            Vector256<double> normalized = (RowLoad.Lanes(ref x, index, lanes) - center) * inverse;
            Vector256<double> scaled = RowLoad.Lanes(ref g, index, lanes) * RowLoad.Lanes(ref scales, index, lanes);
            RowStore.Lanes(ref result, index, lanes, (scaled - meanGradient - (normalized * meanProduct)) * inverse);
        }
    }

    private static void Step<T>(
        ref T source, ref T destination, ref double scales, ref double shifts, nuint index, int lanes, Vector256<double> center, Vector256<double> inverse)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Vector256<double> normalized = (RowLoad.Lanes(ref source, index, lanes) - center) * inverse;
        Vector256<double> value = Vector256.MultiplyAddEstimate(
            normalized, RowLoad.Lanes(ref scales, index, lanes), RowLoad.Lanes(ref shifts, index, lanes));
        RowStore.Lanes(ref destination, index, lanes, value);
    }

    /// <summary>Sum and sum of squares of the deviations from a number.</summary>
    private static (double Sum, double Squares) Sums<T>(ReadOnlySpan<T> row, double origin)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ref T source = ref MemoryMarshal.GetReference(row);
        Vector256<double> shift = Vector256.Create(origin);
        Vector256<double> sum = Vector256<double>.Zero;
        Vector256<double> squares = Vector256<double>.Zero;
        int feature = 0;
        for (; feature <= row.Length - Lanes; feature += Lanes)
        {
            Vector256<double> deviation = RowLoad.Full(ref source, (nuint)feature) - shift;
            sum += deviation;
            squares = Vector256.MultiplyAddEstimate(deviation, deviation, squares);
        }

        double tailSum = 0;
        double tailSquares = 0;
        for (; feature < row.Length; feature++)
        {
            double deviation = RowLoad.Widen(row[feature]) - origin;
            tailSum += deviation;
            tailSquares += deviation * deviation;
        }

        return (Vector256.Sum(sum) + tailSum, Vector256.Sum(squares) + tailSquares);
    }
}
