using System.Numerics;

namespace MLNet.BatchNorm;

/// <summary>
/// What batch normalization and batch renormalization share: xhat = (x - Center) * InverseDeviation * Ratio + Offset and
/// y = gamma xhat + beta per channel, and the gradient of that, through Center and InverseDeviation where they are the batch's own.
/// </summary>
/// <remarks>
/// Ratio and Offset are constants of the gradient: 1 and 0 in batch normalization, r and d in batch renormalization. Enormous doubles are
/// made small first: x stands for x Prescale then, and Center and InverseDeviation are in those units.
/// </remarks>
internal sealed class ChannelNormalizer
{
    private static readonly double Largest = AffineRange.LargestCenter(isDouble: true);

    private readonly ChannelJobs _jobs = new();
    private readonly ChannelMap _map;
    private readonly ChannelStatistics _batch;
    private double[] _shrunk = [];

    public ChannelNormalizer(int channelCount)
    {
        _map = new ChannelMap(channelCount);
        _batch = new ChannelStatistics(channelCount, _jobs);
        Center = ChannelLayout.PerChannel(channelCount);
        InverseDeviation = ChannelLayout.PerChannel(channelCount);
        Ratio = ChannelLayout.PerChannel(channelCount);
        Offset = ChannelLayout.PerChannel(channelCount);
        Prescale = ChannelLayout.PerChannel(channelCount);
        ResetCorrection();
    }

    /// <summary>Whether the last batch had to be made small. Otherwise Prescale has no meaning, and stands for 1.</summary>
    public bool IsShrunk { get; private set; }

    /// <summary>A power of two per channel.</summary>
    public double[] Prescale { get; }

    public double[] Center { get; }

    public double[] InverseDeviation { get; }

    public double[] Ratio { get; }

    public double[] Offset { get; }

    /// <summary>The most threads that work on a batch.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int MaxDegreeOfParallelism
    {
        get => _jobs.MaxDegreeOfParallelism;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            _jobs.MaxDegreeOfParallelism = value;
        }
    }

    /// <summary>Sets Ratio to 1 and Offset to 0.</summary>
    public void ResetCorrection()
    {
        Ratio.AsSpan().Fill(1);
        Offset.AsSpan().Clear();
    }

    /// <summary>Measures a batch to be trained on, in units of x Prescale, which it chooses.</summary>
    /// <exception cref="InvalidOperationException">There is one value per channel, which has no spread.</exception>
    public ChannelStatistics Measure<T>(ReadOnlySpan<T> input, ChannelLayout layout)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (layout.ValuesPerChannel == 1)
        {
            throw new InvalidOperationException(
                "Training needs more than one value per channel to measure a variance, and found a batch of 1 row with spatial size 1. "
                + "Use batches of 2 or more rows, leave out a last batch of one row, or normalize each row by itself with LayerNormLayer.");
        }

        IsShrunk = false;
        _batch.Measure(input, layout);
        if (typeof(T) == typeof(double) && !_batch.IsFinite(layout.ChannelCount))
        {
            MeasureShrunk(input, layout);
        }

        return _batch;
    }

    /// <summary>
    /// Makes an inference's input small where x - Center may overflow. Center and InverseDeviation are given in units of x, and brought to those
    /// of x Prescale.
    /// </summary>
    public void PrepareInference<T>(ReadOnlySpan<T> input, ChannelLayout layout)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        IsShrunk = false;
        if (typeof(T) != typeof(double) || Center.AsSpan(0, layout.ChannelCount).IndexOfAnyExceptInRange(-Largest, Largest) < 0)
        {
            return;
        }

        for (int channel = 0; channel < layout.ChannelCount; channel++)
        {
            Prescale[channel] = Math.Abs(Center[channel]) > Largest ? AffineRange.Shrink(isDouble: true) : 1;
            Center[channel] *= Prescale[channel];
            InverseDeviation[channel] /= Prescale[channel];
        }

        Shrink(input, layout);
    }

    public void Forward<T>(ReadOnlySpan<T> input, Span<T> output, ChannelLayout layout, ReadOnlySpan<double> gamma, ReadOnlySpan<double> beta)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        for (int channel = 0; channel < gamma.Length; channel++)
        {
            _map.Center[channel] = Center[channel];
            _map.Scale[channel] = gamma[channel] * InverseDeviation[channel] * Ratio[channel];
            _map.Shift[channel] = (gamma[channel] * Offset[channel]) + beta[channel];
        }

        if (IsShrunk)
        {
            ReadOnlySpan<double> shrunk = _shrunk.AsSpan(0, input.Length);
            _jobs.Map<double, WithoutGradient>(_map, shrunk, shrunk, Shrinking.AsDoubles(output), layout);
        }
        else
        {
            _jobs.Map<T, WithoutGradient>(_map, input, input, output, layout);
        }
    }

    /// <summary>
    /// With n = (x - Center) InverseDeviation, that is xhat = Ratio n + Offset, over the m values of a channel: dL/dbeta = sum g;
    /// dL/dgamma = sum g xhat; dL/dx = gamma Ratio InverseDeviation (g - (sum g) / m - n (sum g n) / m), without the two means where Center
    /// and InverseDeviation do not depend on the batch.
    /// </summary>
    public void Backward<T>(
        ReadOnlySpan<T> input,
        ReadOnlySpan<T> outputGradient,
        Span<T> inputGradient,
        ChannelLayout layout,
        bool throughStatistics,
        ReadOnlySpan<double> gamma,
        Span<double> gammaGradient,
        Span<double> betaGradient)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (IsShrunk)
        {
            // The values that Forward has kept, as the caller has kept those that they were made of.
            BackwardOf<double>(
                _shrunk.AsSpan(0, input.Length), Shrinking.AsDoubles(outputGradient), Shrinking.AsDoubles(inputGradient), layout,
                throughStatistics, gamma, gammaGradient, betaGradient);
        }
        else
        {
            BackwardOf(input, outputGradient, inputGradient, layout, throughStatistics, gamma, gammaGradient, betaGradient);
        }
    }

    /// <summary>Prescale, or 1 where the batch is as it came.</summary>
    public double PrescaleOf(int channel) => IsShrunk ? Prescale[channel] : 1;

    private void BackwardOf<T>(
        ReadOnlySpan<T> input,
        ReadOnlySpan<T> outputGradient,
        Span<T> inputGradient,
        ChannelLayout layout,
        bool throughStatistics,
        ReadOnlySpan<double> gamma,
        Span<double> gammaGradient,
        Span<double> betaGradient)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        _batch.SumGradients(input, outputGradient, layout, Center);
        for (int channel = 0; channel < gamma.Length; channel++)
        {
            double inverse = InverseDeviation[channel];
            double gradientSum = _batch.GradientSum[channel];
            double normalizedSum = _batch.GradientProduct[channel] * inverse;
            betaGradient[channel] = gradientSum;
            gammaGradient[channel] = (Ratio[channel] * normalizedSum) + (Offset[channel] * gradientSum);

            double scale = gamma[channel] * Ratio[channel] * inverse * PrescaleOf(channel);
            if (throughStatistics)
            {
                double share = scale / layout.ValuesPerChannel;
                _map.Center[channel] = Center[channel];
                _map.Scale[channel] = -share * inverse * normalizedSum;
                _map.GradientScale[channel] = scale;
                _map.Shift[channel] = -share * gradientSum;
            }
            else
            {
                _map.Center[channel] = 0;
                _map.Scale[channel] = scale;
                _map.Shift[channel] = 0;
            }
        }

        if (throughStatistics)
        {
            _jobs.Map<T, WithGradient>(_map, input, outputGradient, inputGradient, layout);
        }
        else
        {
            _jobs.Map<T, WithoutGradient>(_map, outputGradient, outputGradient, inputGradient, layout);
        }
    }

    private void MeasureShrunk<T>(ReadOnlySpan<T> input, ChannelLayout layout)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        bool any = false;
        for (int channel = 0; channel < layout.ChannelCount; channel++)
        {
            Prescale[channel] = double.IsFinite(_batch.Variance[channel]) ? 1 : Shrinking.FactorOf(LargestOf(input, layout, channel));
            any |= Prescale[channel] != 1;
        }

        if (any)
        {
            Shrink(input, layout);
            _batch.Measure<double>(_shrunk.AsSpan(0, input.Length), layout);
        }
    }

    private static double LargestOf<T>(ReadOnlySpan<T> input, ChannelLayout layout, int channel)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        double largest = 0;
        for (int row = 0; row < layout.RowCount; row++)
        {
            foreach (T value in input.Slice(((row * layout.ChannelCount) + channel) * layout.SpatialSize, layout.SpatialSize))
            {
                largest = Shrinking.Larger(largest, value);
            }
        }

        return largest;
    }

    private void Shrink<T>(ReadOnlySpan<T> input, ChannelLayout layout)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        IsShrunk = true;
        _shrunk = _shrunk.Length < input.Length ? new double[input.Length] : _shrunk;
        for (int i = 0; i < input.Length; i++)
        {
            _shrunk[i] = RowLoad.Widen(input[i]) * Prescale[i / layout.SpatialSize % layout.ChannelCount];
        }
    }
}
