using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MLNet.BatchNorm;

/// <summary>
/// Vectors of one width for kernels that are written once: <typeparamref name="TWide"/> holds doubles, and <typeparamref name="TNative"/>
/// as many bytes of the values as they come. Implemented by structs, so that each width is compiled to instructions of its own.
/// </summary>
internal interface ILanes<T, TWide, TNative>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Doubles per vector.</summary>
    static abstract int Count { get; }

    static abstract TWide One { get; }

    /// <summary>Ones in all bits of the lanes from the given one on, zeros before it.</summary>
    static abstract TWide From(int lane);

    static abstract TWide Create(double value);

    static abstract TWide Load(double[] array, int index);

    static abstract void Store(double[] array, int index, TWide values);

    /// <summary>Values from <paramref name="index"/> on, widened to double.</summary>
    static abstract TWide Widen(ref T source, int index);

    /// <summary>The inverse of <see cref="Widen"/>: stores the values, rounded to their type.</summary>
    static abstract void Narrow(ref T destination, int index, TWide values);

    static abstract TWide Add(TWide a, TWide b);

    static abstract TWide Subtract(TWide a, TWide b);

    /// <summary><paramref name="a"/> times <paramref name="b"/> plus <paramref name="c"/>, rounded once where the processor can.</summary>
    static abstract TWide MultiplyAdd(TWide a, TWide b, TWide c);

    static abstract TWide Minimum(TWide a, TWide b);

    static abstract TWide Maximum(TWide a, TWide b);

    static abstract TWide Select(TWide mask, TWide whereOnes, TWide whereZeros);

    static abstract TWide EqualsZero(TWide values);

    static abstract bool AllZero(TWide values);

    static abstract TNative LoadNative(ref T source, int index);

    static abstract TNative MinimumNative(TNative a, TNative b);

    static abstract TNative MaximumNative(TNative a, TNative b);

    /// <summary>The first half of a group of twice <see cref="Count"/> values; of doubles, <paramref name="first"/> itself.</summary>
    static abstract TWide WidenLow(TNative first);

    /// <summary>The second half; of doubles, <paramref name="second"/> itself.</summary>
    static abstract TWide WidenHigh(TNative first, TNative second);
}

/// <summary>Vectors of 256 bits: what most machines have, and what .NET makes of two halves on others.</summary>
internal readonly struct Lanes256<T> : ILanes<T, Vector256<double>, Vector256<T>>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public static int Count => Vector256<double>.Count;

    public static Vector256<double> One => Vector256<double>.One;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> From(int lane) =>
        Vector256.GreaterThanOrEqual(Vector256.CreateSequence(0.0, 1.0), Vector256.Create((double)lane));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Create(double value) => Vector256.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Load(double[] array, int index) => Vector256.LoadUnsafe(ref MemoryMarshal.GetArrayDataReference(array), (nuint)index);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(double[] array, int index, Vector256<double> values) =>
        values.StoreUnsafe(ref MemoryMarshal.GetArrayDataReference(array), (nuint)index);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Widen(ref T source, int index) => RowLoad.Full(ref source, (nuint)index);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Narrow(ref T destination, int index, Vector256<double> values) =>
        RowStore.Lanes(ref destination, (nuint)index, Vector256<double>.Count, values);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Add(Vector256<double> a, Vector256<double> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Subtract(Vector256<double> a, Vector256<double> b) => a - b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> MultiplyAdd(Vector256<double> a, Vector256<double> b, Vector256<double> c) => Vector256.MultiplyAddEstimate(a, b, c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Minimum(Vector256<double> a, Vector256<double> b) => Vector256.MinNative(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Maximum(Vector256<double> a, Vector256<double> b) => Vector256.MaxNative(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Select(Vector256<double> mask, Vector256<double> whereOnes, Vector256<double> whereZeros) =>
        Vector256.ConditionalSelect(mask, whereOnes, whereZeros);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> EqualsZero(Vector256<double> values) => Vector256.Equals(values, Vector256<double>.Zero);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AllZero(Vector256<double> values) => Vector256.EqualsAll(values, Vector256<double>.Zero);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> LoadNative(ref T source, int index) => Vector256.LoadUnsafe(ref source, (nuint)index);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> MinimumNative(Vector256<T> a, Vector256<T> b) => Vector256.MinNative(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> MaximumNative(Vector256<T> a, Vector256<T> b) => Vector256.MaxNative(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> WidenLow(Vector256<T> first) =>
        typeof(T) == typeof(float) ? Vector256.WidenLower(first.AsSingle()) : first.AsDouble();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> WidenHigh(Vector256<T> first, Vector256<T> second) =>
        typeof(T) == typeof(float) ? Vector256.WidenUpper(first.AsSingle()) : second.AsDouble();
}

/// <summary>Vectors of 512 bits, for machines that have them.</summary>
internal readonly struct Lanes512<T> : ILanes<T, Vector512<double>, Vector512<T>>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public static int Count => Vector512<double>.Count;

    public static Vector512<double> One => Vector512<double>.One;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> From(int lane) =>
        Vector512.GreaterThanOrEqual(Vector512.CreateSequence(0.0, 1.0), Vector512.Create((double)lane));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Create(double value) => Vector512.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Load(double[] array, int index) => Vector512.LoadUnsafe(ref MemoryMarshal.GetArrayDataReference(array), (nuint)index);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(double[] array, int index, Vector512<double> values) =>
        values.StoreUnsafe(ref MemoryMarshal.GetArrayDataReference(array), (nuint)index);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Widen(ref T source, int index)
    {
        if (typeof(T) == typeof(double))
        {
            return Vector512.LoadUnsafe(ref Unsafe.As<T, double>(ref source), (nuint)index);
        }

        if (typeof(T) == typeof(float) && Avx512F.IsSupported)
        {
            return Avx512F.ConvertToVector512Double(Vector256.LoadUnsafe(ref Unsafe.As<T, float>(ref source), (nuint)index));
        }

        return Vector512.Create(
            RowLoad.Full(ref source, (nuint)index), RowLoad.Full(ref source, (nuint)(index + Vector256<double>.Count)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Narrow(ref T destination, int index, Vector512<double> values)
    {
        if (typeof(T) == typeof(double))
        {
            values.StoreUnsafe(ref Unsafe.As<T, double>(ref destination), (nuint)index);
        }
        else if (typeof(T) == typeof(float) && Avx512F.IsSupported)
        {
            Avx512F.ConvertToVector256Single(values).StoreUnsafe(ref Unsafe.As<T, float>(ref destination), (nuint)index);
        }
        else
        {
            RowStore.Lanes(ref destination, (nuint)index, Vector256<double>.Count, values.GetLower());
            RowStore.Lanes(ref destination, (nuint)(index + Vector256<double>.Count), Vector256<double>.Count, values.GetUpper());
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Add(Vector512<double> a, Vector512<double> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Subtract(Vector512<double> a, Vector512<double> b) => a - b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> MultiplyAdd(Vector512<double> a, Vector512<double> b, Vector512<double> c) => Vector512.MultiplyAddEstimate(a, b, c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Minimum(Vector512<double> a, Vector512<double> b) => Vector512.MinNative(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Maximum(Vector512<double> a, Vector512<double> b) => Vector512.MaxNative(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Select(Vector512<double> mask, Vector512<double> whereOnes, Vector512<double> whereZeros) =>
        Vector512.ConditionalSelect(mask, whereOnes, whereZeros);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> EqualsZero(Vector512<double> values) => Vector512.Equals(values, Vector512<double>.Zero);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AllZero(Vector512<double> values) => Vector512.EqualsAll(values, Vector512<double>.Zero);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> LoadNative(ref T source, int index) => Vector512.LoadUnsafe(ref source, (nuint)index);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> MinimumNative(Vector512<T> a, Vector512<T> b) => Vector512.MinNative(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> MaximumNative(Vector512<T> a, Vector512<T> b) => Vector512.MaxNative(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> WidenLow(Vector512<T> first) =>
        typeof(T) == typeof(float) ? Vector512.WidenLower(first.AsSingle()) : first.AsDouble();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> WidenHigh(Vector512<T> first, Vector512<T> second) =>
        typeof(T) == typeof(float) ? Vector512.WidenUpper(first.AsSingle()) : second.AsDouble();
}
