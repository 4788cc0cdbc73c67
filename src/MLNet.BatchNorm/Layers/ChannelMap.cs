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
    public double[] Center { get; } = ChannelLayout.PerChannel(channelCount);

    public double[] Scale { get; } = ChannelLayout.PerChannel(channelCount);

    public double[] GradientScale { get; } = ChannelLayout.PerChannel(channelCount);

    public double[] Shift { get; } = ChannelLayout.PerChannel(channelCount);

    /// <summary>Maps the batch, or whole rows of it. The result may take the place of x or of g.</summary>
    /// <param name="x">[rows, channels, spatial].</param>
    /// <param name="g">As long as <paramref name="x"/>; not read without a gradient.</param>
    /// <param name="result">As long as <paramref name="x"/>.</param>
    /// <param name="layout">The shape; there may be fewer rows.</param>
    public void Apply<T, TForm>(ReadOnlySpan<T> x, ReadOnlySpan<T> g, Span<T> result, ChannelLayout layout)
        where T : unmanaged, IFloatingPointIeee754<T>
        where TForm : IChannelForm
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
        where TForm : IChannelForm
    {
        int channel = Vector512.IsHardwareAccelerated
            ? MapChannels<T, TForm, Vector512<double>, Vector512<T>, Lanes512<T>>(ref x, ref g, ref result, 0, length)
            : 0;
        channel = MapChannels<T, TForm, Vector256<double>, Vector256<T>, Lanes256<T>>(ref x, ref g, ref result, channel, length);
        for (; channel < length; channel++)
        {
            MapOne<T, TForm>(ref x, ref g, ref result, channel, channel);
        }
    }

    /// <summary>A run of values of one channel.</summary>
    private void MapRun<T, TForm>(ref T x, ref T g, ref T result, int length, int channel)
        where T : unmanaged, IFloatingPointIeee754<T>
        where TForm : IChannelForm
    {
        int i = Vector512.IsHardwareAccelerated
            ? MapValues<T, TForm, Vector512<double>, Vector512<T>, Lanes512<T>>(ref x, ref g, ref result, 0, length, channel)
            : 0;
        i = MapValues<T, TForm, Vector256<double>, Vector256<T>, Lanes256<T>>(ref x, ref g, ref result, i, length, channel);
        for (; i < length; i++)
        {
            MapOne<T, TForm>(ref x, ref g, ref result, i, channel);
        }
    }

    /// <summary>Maps whole vectors of channels; returns the first channel that is left.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int MapChannels<T, TForm, TWide, TNative, TLanes>(ref T x, ref T g, ref T result, int channel, int length)
        where T : unmanaged, IFloatingPointIeee754<T>
        where TForm : IChannelForm
        where TLanes : ILanes<T, TWide, TNative>
    {
        double[] center = Center;
        double[] scale = Scale;
        double[] gradientScale = GradientScale;
        double[] shift = Shift;
        for (; channel <= length - TLanes.Count; channel += TLanes.Count)
        {
            TWide rest = TLanes.Load(shift, channel);
            if (TForm.HasGradient)
            {
                rest = TLanes.MultiplyAdd(TLanes.Widen(ref g, channel), TLanes.Load(gradientScale, channel), rest);
            }

            TWide centered = TLanes.Subtract(TLanes.Widen(ref x, channel), TLanes.Load(center, channel));
            TLanes.Narrow(ref result, channel, TLanes.MultiplyAdd(centered, TLanes.Load(scale, channel), rest));
        }

        return channel;
    }

    /// <summary>Maps whole vectors of values of one channel; returns the first value that is left.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int MapValues<T, TForm, TWide, TNative, TLanes>(ref T x, ref T g, ref T result, int i, int length, int channel)
        where T : unmanaged, IFloatingPointIeee754<T>
        where TForm : IChannelForm
        where TLanes : ILanes<T, TWide, TNative>
    {
        TWide center = TLanes.Create(Center[channel]);
        TWide scale = TLanes.Create(Scale[channel]);
        TWide gradientScale = TLanes.Create(GradientScale[channel]);
        TWide shift = TLanes.Create(Shift[channel]);
        for (; i <= length - TLanes.Count; i += TLanes.Count)
        {
            TWide rest = TForm.HasGradient ? TLanes.MultiplyAdd(TLanes.Widen(ref g, i), gradientScale, shift) : shift;
            TLanes.Narrow(ref result, i, TLanes.MultiplyAdd(TLanes.Subtract(TLanes.Widen(ref x, i), center), scale, rest));
        }

        return i;
    }

    private void MapOne<T, TForm>(ref T x, ref T g, ref T result, int index, int channel)
        where T : unmanaged, IFloatingPointIeee754<T>
        where TForm : IChannelForm
    {
        double rest = Shift[channel];
        if (TForm.HasGradient)
        {
            rest = double.MultiplyAddEstimate(RowLoad.Widen(Unsafe.Add(ref g, index)), GradientScale[channel], rest);
        }

        double value = double.MultiplyAddEstimate(RowLoad.Widen(Unsafe.Add(ref x, index)) - Center[channel], Scale[channel], rest);
        Unsafe.Add(ref result, index) = T.CreateTruncating(value);
    }
}
