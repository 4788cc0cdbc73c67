using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MLNet.BatchNorm;

/// <summary>
/// The one map that batch normalization needs, forward and backward: result = (x - Center) * Scale + g * GradientScale + Shift, with
/// coefficients per channel, in double precision. Forward, g is absent; backward, g is the gradient of the output.
/// </summary>
internal sealed class ChannelMap(int channelCount)
{
    private static int Lanes => Vector256<double>.Count;

    public double[] Center { get; } = ChannelLayout.PerChannel(channelCount);

    public double[] Scale { get; } = ChannelLayout.PerChannel(channelCount);

    public double[] GradientScale { get; } = ChannelLayout.PerChannel(channelCount);

    public double[] Shift { get; } = ChannelLayout.PerChannel(channelCount);

    /// <summary>Forward: result = (x - Center) * Scale + Shift; the result may take the place of x.</summary>
    public void Apply<T>(ReadOnlySpan<T> x, Span<T> result, ChannelLayout layout)
        where T : unmanaged, IFloatingPointIeee754<T> => Apply<T, WithoutGradient>(x, x, result, layout);

    /// <summary>Backward, with g; the result may take the place of x or of g.</summary>
    public void Apply<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> g, Span<T> result, ChannelLayout layout)
        where T : unmanaged, IFloatingPointIeee754<T> => Apply<T, WithGradient>(x, g, result, layout);

    private void Apply<T, TForm>(ReadOnlySpan<T> x, ReadOnlySpan<T> g, Span<T> result, ChannelLayout layout)
        where T : unmanaged, IFloatingPointIeee754<T>
        where TForm : struct, IForm
    {
        int length = layout.SpatialSize == 1 ? layout.ChannelCount : layout.SpatialSize;
        for (int start = 0; start < x.Length; start += length)
        {
            ref T sourceX = ref Unsafe.Add(ref MemoryMarshal.GetReference(x), start);
            ref T sourceG = ref Unsafe.Add(ref MemoryMarshal.GetReference(g), start);
            ref T destination = ref Unsafe.Add(ref MemoryMarshal.GetReference(result), start);
            if (layout.SpatialSize == 1)
            {
                MapRow<T, TForm>(ref sourceX, ref sourceG, ref destination, length);
            }
            else
            {
                MapRun<T, TForm>(ref sourceX, ref sourceG, ref destination, length, start / length % layout.ChannelCount);
            }
        }
    }

    /// <summary>One value of each channel.</summary>
    private void MapRow<T, TForm>(ref T x, ref T g, ref T result, int length)
        where T : unmanaged, IFloatingPointIeee754<T>
        where TForm : struct, IForm
    {
        ref double center = ref MemoryMarshal.GetArrayDataReference(Center);
        ref double scale = ref MemoryMarshal.GetArrayDataReference(Scale);
        ref double gradientScale = ref MemoryMarshal.GetArrayDataReference(GradientScale);
        ref double shift = ref MemoryMarshal.GetArrayDataReference(Shift);
        int channel = 0;
        for (; channel <= length - Lanes; channel += Lanes)
        {
            nuint index = (nuint)channel;
            RowStore.Lanes(ref result, index, Lanes, Map<TForm>(
                RowLoad.Full(ref x, index),
                TForm.HasGradient ? RowLoad.Full(ref g, index) : default,
                Vector256.LoadUnsafe(ref center, index),
                Vector256.LoadUnsafe(ref scale, index),
                TForm.HasGradient ? Vector256.LoadUnsafe(ref gradientScale, index) : default,
                Vector256.LoadUnsafe(ref shift, index)));
        }

        for (; channel < length; channel++)
        {
            MapOne<T, TForm>(ref x, ref g, ref result, channel, channel);
        }
    }

    /// <summary>A run of values of one channel.</summary>
    private void MapRun<T, TForm>(ref T x, ref T g, ref T result, int length, int channel)
        where T : unmanaged, IFloatingPointIeee754<T>
        where TForm : struct, IForm
    {
        Vector256<double> center = Vector256.Create(Center[channel]);
        Vector256<double> scale = Vector256.Create(Scale[channel]);
        Vector256<double> gradientScale = Vector256.Create(GradientScale[channel]);
        Vector256<double> shift = Vector256.Create(Shift[channel]);
        int i = 0;
        for (; i <= length - Lanes; i += Lanes)
        {
            nuint index = (nuint)i;
            RowStore.Lanes(ref result, index, Lanes, Map<TForm>(
                RowLoad.Full(ref x, index), TForm.HasGradient ? RowLoad.Full(ref g, index) : default, center, scale, gradientScale, shift));
        }

        for (; i < length; i++)
        {
            MapOne<T, TForm>(ref x, ref g, ref result, i, channel);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> Map<TForm>(
        Vector256<double> x, Vector256<double> g, Vector256<double> center, Vector256<double> scale, Vector256<double> gradientScale, Vector256<double> shift)
        where TForm : struct, IForm
    {
        Vector256<double> rest = TForm.HasGradient ? Vector256.MultiplyAddEstimate(g, gradientScale, shift) : shift;
        return Vector256.MultiplyAddEstimate(x - center, scale, rest);
    }

    private void MapOne<T, TForm>(ref T x, ref T g, ref T result, int index, int channel)
        where T : unmanaged, IFloatingPointIeee754<T>
        where TForm : struct, IForm
    {
        double rest = Shift[channel];
        if (TForm.HasGradient)
        {
            rest = double.MultiplyAddEstimate(RowLoad.Widen(Unsafe.Add(ref g, index)), GradientScale[channel], rest);
        }

        double value = double.MultiplyAddEstimate(RowLoad.Widen(Unsafe.Add(ref x, index)) - Center[channel], Scale[channel], rest);
        Unsafe.Add(ref result, index) = T.CreateTruncating(value);
    }

    /// <summary>Chooses the form of the map at compile time, so that the forward loop carries nothing of the backward one.</summary>
    private interface IForm
    {
        static abstract bool HasGradient { get; }
    }

    private readonly struct WithGradient : IForm
    {
        public static bool HasGradient => true;
    }

    private readonly struct WithoutGradient : IForm
    {
        public static bool HasGradient => false;
    }
}
