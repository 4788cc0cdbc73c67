using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MLNet.BatchNorm;

/// <summary>
/// The one reduction that batch normalization needs, forward and backward: per channel, over a batch, sum (a - p) and
/// sum (a - p) (b - q), in double precision. With a = b = x it measures mean and variance; with a the gradient and b = x, their covariance.
/// </summary>
internal static class ChannelSums
{
    /// <summary>Values per tile of rows: small enough that the second and later channels of a row are read from the first cache.</summary>
    private const int TileValues = 4096;

    /// <param name="a">[rows, channels, spatial].</param>
    /// <param name="b">As <paramref name="a"/>.</param>
    /// <param name="layout">The shape.</param>
    /// <param name="p">Subtracted from a, [channels], padded as all arrays here.</param>
    /// <param name="q">Subtracted from b.</param>
    /// <param name="sums">Receives sum (a - p).</param>
    /// <param name="products">Receives sum (a - p) (b - q).</param>
    public static void Compute<T>(
        ReadOnlySpan<T> a, ReadOnlySpan<T> b, ChannelLayout layout, double[] p, double[] q, double[] sums, double[] products)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        sums.AsSpan().Clear();
        products.AsSpan().Clear();
        ref T sourceA = ref MemoryMarshal.GetReference(a);
        ref T sourceB = ref MemoryMarshal.GetReference(b);
        if (layout.SpatialSize > 1)
        {
            for (int channel = 0; channel < layout.ChannelCount; channel++)
            {
                (sums[channel], products[channel]) = SumRuns(ref sourceA, ref sourceB, layout, channel, p[channel], q[channel]);
            }

            return;
        }

        int tileRows = Math.Max(8, TileValues / layout.ChannelCount);
        for (int row = 0; row < layout.RowCount; row += tileRows)
        {
            int count = Math.Min(tileRows, layout.RowCount - row);
            nuint start = (nuint)row * (nuint)layout.ChannelCount;
            for (int channel = 0; channel < layout.ChannelCount; channel += Vector256<double>.Count)
            {
                AddColumns(ref sourceA, ref sourceB, start, count, layout.ChannelCount, channel, p, q, sums, products);
            }
        }
    }

    /// <summary>Adds up to four neighbouring channels of a tile of rows.</summary>
    private static void AddColumns<T>(
        ref T a, ref T b, nuint start, int rowCount, int channelCount, int channel, double[] p, double[] q, double[] sums, double[] products)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int lanes = Math.Min(Vector256<double>.Count, channelCount - channel);
        Vector256<double> shiftA = Vector256.LoadUnsafe(ref p[0], (nuint)channel);
        Vector256<double> shiftB = Vector256.LoadUnsafe(ref q[0], (nuint)channel);
        Vector256<double> sum = Vector256.LoadUnsafe(ref sums[0], (nuint)channel);
        Vector256<double> product = Vector256.LoadUnsafe(ref products[0], (nuint)channel);
        nuint index = start + (nuint)channel;
        nuint end = index + ((nuint)rowCount * (nuint)channelCount);
        if (lanes == Vector256<double>.Count)
        {
            for (; index < end; index += (nuint)channelCount)
            {
                Vector256<double> first = RowLoad.Full(ref a, index) - shiftA;
                sum += first;
                product = Vector256.MultiplyAddEstimate(first, RowLoad.Full(ref b, index) - shiftB, product);
            }
        }
        else
        {
            for (; index < end; index += (nuint)channelCount)
            {
                Vector256<double> first = RowLoad.Partial(ref a, index, lanes) - shiftA;
                sum += first;
                product = Vector256.MultiplyAddEstimate(first, RowLoad.Partial(ref b, index, lanes) - shiftB, product);
            }
        }

        sum.StoreUnsafe(ref sums[0], (nuint)channel);
        product.StoreUnsafe(ref products[0], (nuint)channel);
    }

    /// <summary>Sums one channel whose values stand in one run per row.</summary>
    private static (double Sum, double Product) SumRuns<T>(ref T a, ref T b, ChannelLayout layout, int channel, double p, double q)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int lanes = Vector256<double>.Count;
        int whole = layout.SpatialSize / lanes * lanes;
        Vector256<double> shiftA = Vector256.Create(p);
        Vector256<double> shiftB = Vector256.Create(q);
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
                Vector256<double> first = RowLoad.Full(ref a, start + (nuint)i) - shiftA;
                Vector256<double> second = RowLoad.Full(ref b, start + (nuint)i) - shiftB;
                sum += first;
                product = Vector256.MultiplyAddEstimate(first, second, product);
            }

            for (; i < layout.SpatialSize; i++)
            {
                double first = RowLoad.Widen(Unsafe.Add(ref a, start + (nuint)i)) - p;
                double second = RowLoad.Widen(Unsafe.Add(ref b, start + (nuint)i)) - q;
                tailSum += first;
                tailProduct += first * second;
            }
        }

        return (Vector256.Sum(sum) + tailSum, Vector256.Sum(product) + tailProduct);
    }
}
