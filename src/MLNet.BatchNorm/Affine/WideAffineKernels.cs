using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MLNet.BatchNorm;

/// <summary>The loop for maps near the ends of a type's range, in double precision: slower, and right wherever the result is finite.</summary>
internal static class WideAffineKernels
{
    /// <inheritdoc cref="AffineKernels.Apply"/>
    public static void Apply<T>(WideParameters parameters, ReadOnlySpan<T> source, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int lanes = Vector256<double>.Count;
        ref T from = ref MemoryMarshal.GetReference(source);
        ref T to = ref MemoryMarshal.GetReference(destination);
        Vector256<double> clipMinimum = Vector256.Create(parameters.ClipMinimum);
        Vector256<double> clipMaximum = Vector256.Create(parameters.ClipMaximum);
        int place = 0;
        int i = 0;
        for (; i <= source.Length - lanes; i += lanes)
        {
            Vector256<double> x = RowLoad.Full(ref from, (nuint)i);
            Vector256<double> centered = (x * At(parameters.Prescale, place)) - At(parameters.Center, place);
            Vector256<double> shift = At(parameters.Shift, place);
            if (parameters.SplitsScale)
            {
                shift = Vector256.FusedMultiplyAdd(centered, At(parameters.Rest, place), shift);
            }

            Vector256<double> result = Vector256.FusedMultiplyAdd(centered, At(parameters.Scale, place), shift);
            if (parameters.Clips)
            {
                result = Vector256.Max(Vector256.Min(result, clipMaximum), clipMinimum);
            }

            RowStore.Lanes(ref to, (nuint)i, lanes, result);
            place += lanes;
            place = place >= parameters.Period ? place - parameters.Period : place;
        }

        for (; i < source.Length; i++)
        {
            destination[i] = ApplyOne(parameters, i % parameters.FeatureCount, source[i]);
        }
    }

    public static T ApplyOne<T>(WideParameters parameters, int position, T value)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double centered = (double.CreateTruncating(value) * parameters.Prescale[position]) - parameters.Center[position];
        double shift = parameters.Shift[position];
        if (parameters.SplitsScale)
        {
            shift = Math.FusedMultiplyAdd(centered, parameters.Rest[position], shift);
        }

        double result = Math.FusedMultiplyAdd(centered, parameters.Scale[position], shift);
        return T.CreateTruncating(parameters.Clips ? Math.Max(Math.Min(result, parameters.ClipMaximum), parameters.ClipMinimum) : result);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> At(double[] array, int index) => Vector256.LoadUnsafe(ref array[0], (nuint)index);
}
