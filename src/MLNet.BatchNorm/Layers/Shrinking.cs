using System.Numerics;
using System.Runtime.InteropServices;

namespace MLNet.BatchNorm;

/// <summary>
/// Doubles so far apart that the squares of their differences overflow, above 1e154, made small by a power of two before they are normalized.
/// The normalized values are the same. Singles never need it: their squares are summed as doubles.
/// </summary>
internal static class Shrinking
{
    /// <summary>The power of two that brings the largest value to the size of 1; 1 where it is not finite.</summary>
    public static double FactorOf(double largest) => double.IsFinite(largest) ? Math.ScaleB(1, -Math.ILogB(largest)) : 1;

    /// <summary>The larger size of the two; NaN where either is.</summary>
    public static double Larger<T>(double largest, T value)
        where T : unmanaged, IFloatingPointIeee754<T> => Math.Max(largest, Math.Abs(RowLoad.Widen(value)));

    /// <summary>Values that are doubles, as such.</summary>
    public static Span<double> AsDoubles<T>(Span<T> values)
        where T : unmanaged => MemoryMarshal.Cast<T, double>(values);

    /// <inheritdoc cref="AsDoubles{T}(Span{T})"/>
    public static ReadOnlySpan<double> AsDoubles<T>(ReadOnlySpan<T> values)
        where T : unmanaged => MemoryMarshal.Cast<T, double>(values);
}
