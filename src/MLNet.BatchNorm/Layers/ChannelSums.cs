using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MLNet.BatchNorm;

/// <summary>
/// The one reduction that batch normalization needs, forward and backward, per channel, over a batch, in double precision. Forward:
/// sum (x - center) and sum (x - center)^2, for mean and variance. Backward, with the gradient g: sum g and sum g (x - center).
/// </summary>
/// <remarks>A channel's sums do not depend on the other channels, nor on which are summed together: the same bits on any number of threads.</remarks>
internal static class ChannelSums
{
    /// <summary>Values per tile of rows: small enough that the second and later channels of a row are read from the first cache.</summary>
    private const int TileValues = 4096;

    /// <param name="x">[rows, channels, spatial].</param>
    /// <param name="g">As <paramref name="x"/>; not read without a gradient.</param>
    /// <param name="layout">The shape.</param>
    /// <param name="firstChannel">The first channel to sum.</param>
    /// <param name="endChannel">The channel after the last one to sum.</param>
    /// <param name="center">Subtracted from x, [channels], padded as all arrays here.</param>
    /// <param name="sums">Receives sum (x - center), or sum g.</param>
    /// <param name="products">Receives sum (x - center)^2, or sum g (x - center).</param>
    public static void Compute<T, TForm>(
        ReadOnlySpan<T> x,
        ReadOnlySpan<T> g,
        ChannelLayout layout,
        int firstChannel,
        int endChannel,
        double[] center,
        double[] sums,
        double[] products)
        where T : unmanaged, IFloatingPointIeee754<T>
        where TForm : IChannelForm
    {
        ref T sourceX = ref MemoryMarshal.GetReference(x);
        ref T sourceG = ref MemoryMarshal.GetReference(g);
        if (layout.SpatialSize > 1)
        {
            for (int channel = firstChannel; channel < endChannel; channel++)
            {
                (sums[channel], products[channel]) = SumRuns<T, TForm>(ref sourceX, ref sourceG, layout, channel, center[channel]);
            }

            return;
        }

        sums.AsSpan(firstChannel, endChannel - firstChannel).Clear();
        products.AsSpan(firstChannel, endChannel - firstChannel).Clear();
        int tileRows = Math.Max(8, TileValues / layout.ChannelCount);
        for (int row = 0; row < layout.RowCount; row += tileRows)
        {
            int count = Math.Min(tileRows, layout.RowCount - row);
            ref T tileX = ref Unsafe.Add(ref sourceX, (nint)row * layout.ChannelCount);
            ref T tileG = ref Unsafe.Add(ref sourceG, (nint)row * layout.ChannelCount);
            int channel = firstChannel;
            if (Vector512.IsHardwareAccelerated)
            {
                channel = AddGroups<T, TForm, Vector512<double>, Vector512<T>, Lanes512<T>>(
                    ref tileX, ref tileG, count, layout.ChannelCount, channel, endChannel, center, sums, products);
            }

            channel = AddGroups<T, TForm, Vector256<double>, Vector256<T>, Lanes256<T>>(
                ref tileX, ref tileG, count, layout.ChannelCount, channel, endChannel, center, sums, products);
            for (; channel <= endChannel - Vector256<double>.Count; channel += Vector256<double>.Count)
            {
                AddFour<T, TForm>(ref tileX, ref tileG, count, layout.ChannelCount, channel, center, sums, products);
            }

            for (; channel < endChannel; channel++)
            {
                AddColumn<T, TForm>(ref tileX, ref tileG, count, layout.ChannelCount, channel, center, sums, products);
            }
        }
    }

    /// <summary>Adds as many whole groups of two vectors of channels as there are; returns the first channel that is left.</summary>
    private static int AddGroups<T, TForm, TWide, TNative, TLanes>(
        ref T x, ref T g, int rowCount, int channelCount, int channel, int endChannel, double[] center, double[] sums, double[] products)
        where T : unmanaged, IFloatingPointIeee754<T>
        where TForm : IChannelForm
        where TLanes : ILanes<T, TWide, TNative>
    {
        for (; channel <= endChannel - (2 * TLanes.Count); channel += 2 * TLanes.Count)
        {
            int next = channel + TLanes.Count;
            TWide center0 = TLanes.Load(center, channel);
            TWide center1 = TLanes.Load(center, next);
            TWide sum0 = TLanes.Load(sums, channel);
            TWide sum1 = TLanes.Load(sums, next);
            TWide product0 = TLanes.Load(products, channel);
            TWide product1 = TLanes.Load(products, next);
            ref T rowX = ref x;
            ref T rowG = ref g;
            for (int row = 0; row < rowCount; row++)
            {
                TWide deviation0 = TLanes.Subtract(TLanes.Widen(ref rowX, channel), center0);
                TWide deviation1 = TLanes.Subtract(TLanes.Widen(ref rowX, next), center1);
                TWide first0 = TForm.HasGradient ? TLanes.Widen(ref rowG, channel) : deviation0;
                TWide first1 = TForm.HasGradient ? TLanes.Widen(ref rowG, next) : deviation1;
                sum0 = TLanes.Add(sum0, first0);
                sum1 = TLanes.Add(sum1, first1);
                product0 = TLanes.MultiplyAdd(first0, deviation0, product0);
                product1 = TLanes.MultiplyAdd(first1, deviation1, product1);
                rowX = ref Unsafe.Add(ref rowX, channelCount);
                rowG = ref Unsafe.Add(ref rowG, channelCount);
            }

            TLanes.Store(sums, channel, sum0);
            TLanes.Store(sums, next, sum1);
            TLanes.Store(products, channel, product0);
            TLanes.Store(products, next, product1);
        }

        return channel;
    }

    private static void AddFour<T, TForm>(
        ref T x, ref T g, int rowCount, int channelCount, int channel, double[] center, double[] sums, double[] products)
        where T : unmanaged, IFloatingPointIeee754<T>
        where TForm : IChannelForm
    {
        Vector256<double> shift = Vector256.LoadUnsafe(ref center[0], (nuint)channel);
        Vector256<double> sum = Vector256.LoadUnsafe(ref sums[0], (nuint)channel);
        Vector256<double> product = Vector256.LoadUnsafe(ref products[0], (nuint)channel);
        nuint index = (nuint)channel;
        for (int row = 0; row < rowCount; row++, index += (nuint)channelCount)
        {
            Vector256<double> deviation = RowLoad.Full(ref x, index) - shift;
            Vector256<double> first = TForm.HasGradient ? RowLoad.Full(ref g, index) : deviation;
            sum += first;
            product = Vector256.MultiplyAddEstimate(first, deviation, product);
        }

        sum.StoreUnsafe(ref sums[0], (nuint)channel);
        product.StoreUnsafe(ref products[0], (nuint)channel);
    }

    private static void AddColumn<T, TForm>(
        ref T x, ref T g, int rowCount, int channelCount, int channel, double[] center, double[] sums, double[] products)
        where T : unmanaged, IFloatingPointIeee754<T>
        where TForm : IChannelForm
    {
        double sum = sums[channel];
        double product = products[channel];
        nint index = channel;
        for (int row = 0; row < rowCount; row++, index += channelCount)
        {
            double deviation = RowLoad.Widen(Unsafe.Add(ref x, index)) - center[channel];
            double first = TForm.HasGradient ? RowLoad.Widen(Unsafe.Add(ref g, index)) : deviation;
            sum += first;
            product = double.MultiplyAddEstimate(first, deviation, product);
        }

        sums[channel] = sum;
        products[channel] = product;
    }

    /// <summary>Sums one channel whose values stand in one run per row.</summary>
    private static (double Sum, double Product) SumRuns<T, TForm>(ref T x, ref T g, ChannelLayout layout, int channel, double center)
        where T : unmanaged, IFloatingPointIeee754<T>
        where TForm : IChannelForm
    {
        int lanes = Vector256<double>.Count;
        int whole = layout.SpatialSize / lanes * lanes;
        Vector256<double> shift = Vector256.Create(center);
        Vector256<double> sum = Vector256<double>.Zero;
        Vector256<double> product = Vector256<double>.Zero;
        double tailSum = 0;
        double tailProduct = 0;
        for (int row = 0; row < layout.RowCount; row++)
        {
            nuint start = (((nuint)row * (nuint)layout.ChannelCount) + (nuint)channel) * (nuint)layout.SpatialSize;
            int i = 0;
            for (; i < whole; i += lanes)
            {
                Vector256<double> deviation = RowLoad.Full(ref x, start + (nuint)i) - shift;
                Vector256<double> first = TForm.HasGradient ? RowLoad.Full(ref g, start + (nuint)i) : deviation;
                sum += first;
                product = Vector256.MultiplyAddEstimate(first, deviation, product);
            }

            for (; i < layout.SpatialSize; i++)
            {
                double deviation = RowLoad.Widen(Unsafe.Add(ref x, start + (nuint)i)) - center;
                double first = TForm.HasGradient ? RowLoad.Widen(Unsafe.Add(ref g, start + (nuint)i)) : deviation;
                tailSum += first;
                tailProduct += first * deviation;
            }
        }

        return (Vector256.Sum(sum) + tailSum, Vector256.Sum(product) + tailProduct);
    }
}
