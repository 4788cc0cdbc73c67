using System.Numerics;

namespace MLNet.BatchNorm;

/// <summary>
/// Mean and variance of one mini-batch per channel, and the sums that carry the gradient back through them. Buffers are kept between batches.
/// </summary>
internal sealed class ChannelStatistics(int channelCount, ChannelJobs jobs)
{
    /// <summary>
    /// Where the first value of a channel lies this many standard deviations (squared) from its mean, the sums are taken again around the
    /// mean: nothing then cancels.
    /// </summary>
    private const double IllConditioned = 64;

    private readonly double[] _shift = ChannelLayout.PerChannel(channelCount);
    private readonly double[] _sums = ChannelLayout.PerChannel(channelCount);
    private readonly double[] _products = ChannelLayout.PerChannel(channelCount);

    /// <summary>mu_B, [channels].</summary>
    public double[] Mean { get; } = ChannelLayout.PerChannel(channelCount);

    /// <summary>The population variance sigma_B^2, [channels].</summary>
    public double[] Variance { get; } = ChannelLayout.PerChannel(channelCount);

    /// <summary>Whether all of the variances are finite.</summary>
    public bool IsFinite(int channelCount)
    {
        double sum = 0;
        for (int channel = 0; channel < channelCount; channel++)
        {
            sum += Variance[channel] - Variance[channel];
        }

        return sum == 0;
    }

    /// <summary>Sum of the output's gradient, [channels].</summary>
    public double[] GradientSum => _sums;

    /// <summary>Sum of the output's gradient times (x - center), [channels].</summary>
    public double[] GradientProduct => _products;

    /// <summary>Measures a batch, in one pass as a rule: deviations from the first value of each channel, a second pass where that one is an outlier.</summary>
    public void Measure<T>(ReadOnlySpan<T> input, ChannelLayout layout)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        for (int channel = 0; channel < layout.ChannelCount; channel++)
        {
            _shift[channel] = RowLoad.Widen(input[channel * layout.SpatialSize]);
        }

        if (!TryMeasure(input, layout))
        {
            Mean.CopyTo(_shift, 0);
            TryMeasure(input, layout);
        }
    }

    /// <summary>Sums the gradient of the output for <see cref="GradientSum"/> and <see cref="GradientProduct"/>.</summary>
    public void SumGradients<T>(ReadOnlySpan<T> input, ReadOnlySpan<T> outputGradient, ChannelLayout layout, double[] center)
        where T : unmanaged, IFloatingPointIeee754<T>
        => jobs.Sum<T, WithGradient>(input, outputGradient, layout, center, _sums, _products);

    private bool TryMeasure<T>(ReadOnlySpan<T> input, ChannelLayout layout)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        jobs.Sum<T, WithoutGradient>(input, input, layout, _shift, _sums, _products);
        bool wellConditioned = true;
        double count = layout.ValuesPerChannel;
        for (int channel = 0; channel < layout.ChannelCount; channel++)
        {
            double offset = _sums[channel] / count;
            // Two infinities make NaN of it, which Max keeps.
            double variance = Math.Max(0, (_products[channel] / count) - (offset * offset));
            Mean[channel] = _shift[channel] + offset;
            Variance[channel] = variance;
            wellConditioned &= !(offset * offset > IllConditioned * variance);
        }

        return wellConditioned;
    }
}
