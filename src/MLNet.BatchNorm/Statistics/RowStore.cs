using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MLNet.BatchNorm;

/// <summary>The counterpart of <see cref="RowLoad"/>: stores of four neighbouring values, narrowed from double.</summary>
internal static class RowStore
{
    /// <summary>Stores the first <paramref name="lanes"/> (1 to 4) values from <paramref name="index"/> on; writes no further.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Lanes<T>(ref T destination, nuint index, int lanes, Vector256<double> values)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (lanes == Vector256<double>.Count && typeof(T) == typeof(double))
        {
            values.StoreUnsafe(ref Unsafe.As<T, double>(ref destination), index);
        }
        else if (lanes == Vector256<double>.Count && typeof(T) == typeof(float))
        {
            Vector128<float> narrow = Avx.IsSupported
                ? Avx.ConvertToVector128Single(values)
                : Vector128.Narrow(values.GetLower(), values.GetUpper());
            narrow.StoreUnsafe(ref Unsafe.As<T, float>(ref destination), index);
        }
        else
        {
            for (int lane = 0; lane < lanes; lane++)
            {
                Unsafe.Add(ref destination, index + (nuint)lane) = T.CreateTruncating(values[lane]);
            }
        }
    }
}
