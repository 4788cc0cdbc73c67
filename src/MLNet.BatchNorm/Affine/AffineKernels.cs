using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MLNet.BatchNorm;

/// <summary>The loops that apply an affine map. Vectors and single values go through the same operations, fused multiply-add included.</summary>
internal static class AffineKernels
{
    /// <summary>Maps whole rows: lengths are equal and a multiple of the number of features.</summary>
    public static void Apply<T>(AffineParameters<T> parameters, ReadOnlySpan<T> source, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int pattern = parameters.PatternLength;
        for (int start = 0; start < source.Length; start += pattern)
        {
            int length = Math.Min(pattern, source.Length - start);
            ApplyPattern(parameters, source.Slice(start, length), destination.Slice(start, length));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T ApplyOne<T>(AffineParameters<T> parameters, int position, T value)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T centered = value - parameters.High[position] - parameters.Low[position];
        T result = T.FusedMultiplyAdd(centered, parameters.Scale[position], parameters.Shift[position]);
        return parameters.Clips ? T.Max(T.Min(result, parameters.ClipMaximum), parameters.ClipMinimum) : result;
    }

    private static void ApplyPattern<T>(AffineParameters<T> parameters, ReadOnlySpan<T> source, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ref T from = ref MemoryMarshal.GetReference(source);
        ref T to = ref MemoryMarshal.GetReference(destination);
        ref T high = ref MemoryMarshal.GetArrayDataReference(parameters.High);
        ref T low = ref MemoryMarshal.GetArrayDataReference(parameters.Low);
        ref T scale = ref MemoryMarshal.GetArrayDataReference(parameters.Scale);
        ref T shift = ref MemoryMarshal.GetArrayDataReference(parameters.Shift);
        Vector256<T> clipMinimum = Vector256.Create(parameters.ClipMinimum);
        Vector256<T> clipMaximum = Vector256.Create(parameters.ClipMaximum);
        nuint length = (nuint)source.Length;
        nuint lanes = (nuint)Vector256<T>.Count;
        nuint i = 0;
        for (; i + lanes <= length; i += lanes)
        {
            Vector256<T> centered = Vector256.LoadUnsafe(ref from, i) - Vector256.LoadUnsafe(ref high, i) - Vector256.LoadUnsafe(ref low, i);
            Vector256<T> result = MultiplyAdd(centered, Vector256.LoadUnsafe(ref scale, i), Vector256.LoadUnsafe(ref shift, i));
            if (parameters.Clips)
            {
                result = Vector256.Max(Vector256.Min(result, clipMaximum), clipMinimum);
            }

            result.StoreUnsafe(ref to, i);
        }

        for (; i < length; i++)
        {
            Unsafe.Add(ref to, i) = ApplyOne(parameters, (int)i, Unsafe.Add(ref from, i));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<T> MultiplyAdd<T>(Vector256<T> x, Vector256<T> scale, Vector256<T> shift)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => typeof(T) == typeof(float)
            ? Vector256.FusedMultiplyAdd(x.AsSingle(), scale.AsSingle(), shift.AsSingle()).As<float, T>()
            : Vector256.FusedMultiplyAdd(x.AsDouble(), scale.AsDouble(), shift.AsDouble()).As<double, T>();
}
