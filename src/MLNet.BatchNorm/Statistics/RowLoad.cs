using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MLNet.BatchNorm;

/// <summary>Loads of four neighbouring values, widened to double: how the generic kernels read float and double alike.</summary>
internal static class RowLoad
{
    /// <summary>The first <paramref name="lanes"/> (1 to 4) values from <paramref name="index"/> on, then zeros; reads no further.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Lanes<T>(ref T source, nuint index, int lanes)
        where T : unmanaged, IFloatingPointIeee754<T>
        => lanes == Vector256<double>.Count ? Full(ref source, index) : Partial(ref source, index, lanes);

    /// <summary>Four values from <paramref name="index"/> on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Full<T>(ref T source, nuint index)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (typeof(T) == typeof(double))
        {
            return Vector256.LoadUnsafe(ref Unsafe.As<T, double>(ref source), index);
        }

        if (typeof(T) == typeof(float))
        {
            Vector128<float> narrow = Vector128.LoadUnsafe(ref Unsafe.As<T, float>(ref source), index);
            return Avx.IsSupported
                ? Avx.ConvertToVector256Double(narrow)
                : Vector256.Create(Vector128.WidenLower(narrow), Vector128.WidenUpper(narrow));
        }

        return Partial(ref source, index, 4);
    }

    /// <summary>The first <paramref name="count"/> (1 to 4) values from <paramref name="index"/> on, then zeros; reads no further.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Partial<T>(ref T source, nuint index, int count)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ref T first = ref Unsafe.Add(ref source, index);
        return Vector256.Create(
            Widen(first),
            count > 1 ? Widen(Unsafe.Add(ref first, 1)) : 0,
            count > 2 ? Widen(Unsafe.Add(ref first, 2)) : 0,
            count > 3 ? Widen(Unsafe.Add(ref first, 3)) : 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Widen<T>(T value)
        where T : unmanaged, IFloatingPointIeee754<T> => double.CreateTruncating(value);
}
