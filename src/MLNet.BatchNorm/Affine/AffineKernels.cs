using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MLNet.BatchNorm;

/// <summary>The loop that applies an affine map. Vectors and single values go through the same operations, fused multiply-add included.</summary>
internal static class AffineKernels
{
    /// <summary>
    /// From this size on a destination is written past the caches: it would not stay there, and reading it in first would cost as much
    /// as reading the source.
    /// </summary>
    private const long StreamingBytes = 16 << 20;

    /// <summary>Maps whole rows: lengths are equal and a multiple of the number of features.</summary>
    public static unsafe void Apply<T>(AffineParameters<T> parameters, ReadOnlySpan<T> source, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (parameters.Wide is { } wide)
        {
            wide.Apply(source, destination);
            return;
        }

        fixed (T* from = source, to = destination)
        {
            int start = 0;
            bool streams = (long)source.Length * sizeof(T) >= StreamingBytes && from != to && (nuint)to % (nuint)sizeof(T) == 0;
            if (streams)
            {
                int misaligned = (int)((nuint)to % (nuint)sizeof(Vector256<T>)) / sizeof(T);
                start = misaligned == 0 ? 0 : Vector256<T>.Count - misaligned;
                ApplyEach(parameters, from, to, 0, start);
            }

            int end = ApplyVectors(parameters, from, to, start, source.Length, streams);
            ApplyEach(parameters, from, to, end, source.Length);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T ApplyOne<T>(AffineParameters<T> parameters, int position, T value)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (parameters.Wide is { } wide)
        {
            return wide.ApplyOne(position, value);
        }

        T centered = value - parameters.High[position];
        T result = parameters.SplitsScale
            ? T.FusedMultiplyAdd(
                centered, parameters.Scale[position], T.FusedMultiplyAdd(centered, parameters.Rest[position], parameters.Shift[position]))
            : T.FusedMultiplyAdd(centered - parameters.Rest[position], parameters.Scale[position], parameters.Shift[position]);
        return parameters.Clips ? T.Max(T.Min(result, parameters.ClipMaximum), parameters.ClipMinimum) : result;
    }

    private static unsafe void ApplyEach<T>(AffineParameters<T> parameters, T* from, T* to, int start, int end)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = start; i < end; i++)
        {
            to[i] = ApplyOne(parameters, i % parameters.FeatureCount, from[i]);
        }
    }

    /// <summary>Maps whole vectors from <paramref name="start"/> on; returns where they end.</summary>
    private static unsafe int ApplyVectors<T>(AffineParameters<T> parameters, T* from, T* to, int start, int length, bool streams)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Vector256<T> clipMinimum = Vector256.Create(parameters.ClipMinimum);
        Vector256<T> clipMaximum = Vector256.Create(parameters.ClipMaximum);
        bool clips = parameters.Clips;
        bool splitsScale = parameters.SplitsScale;
        int lanes = Vector256<T>.Count;
        int period = parameters.Period;
        fixed (T* high = parameters.High, rest = parameters.Rest, scale = parameters.Scale, shift = parameters.Shift)
        {
            int i = start;
            // Where in the period a vector begins. The parameters go on beyond its end, so that any place will do.
            int place = start % period;
            for (; i <= length - lanes; i += lanes)
            {
                Vector256<T> centered = Vector256.Load(from + i) - Vector256.Load(high + place);
                Vector256<T> added = Vector256.Load(shift + place);
                if (splitsScale)
                {
                    added = MultiplyAdd(centered, Vector256.Load(rest + place), added);
                }
                else
                {
                    centered -= Vector256.Load(rest + place);
                }

                Vector256<T> result = MultiplyAdd(centered, Vector256.Load(scale + place), added);
                if (clips)
                {
                    result = Vector256.Max(Vector256.Min(result, clipMaximum), clipMinimum);
                }

                if (streams)
                {
                    result.StoreAlignedNonTemporal(to + i);
                }
                else
                {
                    result.Store(to + i);
                }

                place += lanes;
                place = place >= period ? place - period : place;
            }

            return i;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<T> MultiplyAdd<T>(Vector256<T> x, Vector256<T> scale, Vector256<T> shift)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => typeof(T) == typeof(float)
            ? Vector256.FusedMultiplyAdd(x.AsSingle(), scale.AsSingle(), shift.AsSingle()).As<float, T>()
            : Vector256.FusedMultiplyAdd(x.AsDouble(), scale.AsDouble(), shift.AsDouble()).As<double, T>();
}
