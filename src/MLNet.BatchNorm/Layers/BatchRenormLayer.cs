using System.Collections.Immutable;

namespace MLNet.BatchNorm;

/// <summary>
/// Batch renormalization, for small batches or batches that are not independent: Ioffe, "Batch renormalization: towards reducing minibatch
/// dependence in batch-normalized models" (2017), algorithm 1.
/// </summary>
/// <remarks>
/// <para>
/// Batches are [rows, channels] or [rows, channels, spatial], with statistics per channel over m = rows * spatial values, as in
/// <see cref="BatchNormLayer"/>; <see cref="NormalizationLayer.Gamma"/> and <see cref="NormalizationLayer.Beta"/> are [channels].
/// </para>
/// <para>
/// Training: muB = sum x / m; sigmaB = sqrt(epsilon + sum (x - muB)^2 / m); with the running mu and sigma as they stood before the batch,
/// r = clip(sigmaB / sigma, 1 / RMax, RMax) and d = clip((muB - mu) / sigma, -DMax, DMax); xhat = (x - muB) / sigmaB * r + d;
/// y = gamma xhat + beta. Where nothing is clipped xhat = (x - mu) / sigma: training computes what inference will. Then mu and sigma take
/// the batch in: <c>mu &lt;- mu + momentum (muB - mu)</c>, <c>sigma &lt;- sigma + momentum (sigmaB - sigma)</c>; it is the standard
/// deviation that is averaged, epsilon included, as in the paper. A channel with NaN or infinity in the batch keeps its mu and sigma. Where
/// a channel has no running statistics yet (first batch, other than <see cref="RunningStart.ZeroOne"/>), r = 1 and d = 0.
/// </para>
/// <para>Inference: y = gamma (x - mu) / sigma + beta: no dependence on the batch.</para>
/// <para>
/// Backward, training: the gradient goes through muB and sigmaB, while r and d are constants. With n = (x - muB) / sigmaB:
/// dL/dbeta = sum g; dL/dgamma = sum g xhat; dL/dx = gamma r / sigmaB (g - (sum g) / m - n (sum g n) / m).
/// Backward, inference: dL/dx = gamma g / sigma.
/// </para>
/// <para>
/// The limits are the caller's to schedule. The paper trains with RMax = 1 and DMax = 0, plain batch normalization, for 5,000 steps, and
/// then relaxes RMax to 3 by step 40,000 and DMax to 5 by step 25,000. Not thread safe.
/// </para>
/// </remarks>
public sealed class BatchRenormLayer : NormalizationLayer
{
    /// <summary>The default of <see cref="RMax"/>: the paper's final value.</summary>
    public const double DefaultRMax = 3;

    /// <summary>The default of <see cref="DMax"/>: the paper's final value.</summary>
    public const double DefaultDMax = 5;

    /// <summary>The default of the momentum: the paper's.</summary>
    public const double DefaultMomentum = 0.01;

    // The averages of mu and sigma; where the type says variance, this layer keeps the standard deviation.
    private readonly RunningMoments _running;
    private readonly ChannelNormalizer _normalizer;
    private readonly double[] _deviation;
    private bool _forwardTraining;

    /// <summary>A layer with gamma 1, beta 0, and no batch seen: inference is then the identity.</summary>
    /// <param name="channelCount">Number of channels (features, neurons); at least 1.</param>
    /// <param name="spatialSize">Values per channel and row, at least 1.<value>1</value></param>
    /// <param name="epsilon">Added to the variance; positive.<value>1e-5</value></param>
    /// <param name="momentum">Weight of a new batch in the running statistics, in (0, 1], or null for the plain average.<value>0.01</value></param>
    /// <param name="runningStart">How the running statistics begin.<value>Debiased</value></param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter is outside its range.</exception>
    public BatchRenormLayer(
        int channelCount,
        int spatialSize = 1,
        double epsilon = DefaultEpsilon,
        double? momentum = DefaultMomentum,
        RunningStart runningStart = RunningStart.Debiased)
        : this(new RunningMoments(ChannelLayout.CheckCount(channelCount), momentum, VarianceEstimator.Population, runningStart), spatialSize, epsilon)
    {
    }

    /// <summary>
    /// A layer that goes on from given running statistics: those of a <see cref="BatchNormLayer"/>, as the paper's training does, or of a layer that
    /// was trained elsewhere. sigma = sqrt(running variance + epsilon). Gamma is 1 and beta 0 until they are set.
    /// </summary>
    /// <param name="runningMoments">The running statistics, per channel, with momentum and start. Copied.</param>
    /// <param name="spatialSize">Values per channel and row, at least 1.<value>1</value></param>
    /// <param name="epsilon">Added to the variance; positive.<value>1e-5</value></param>
    /// <exception cref="ArgumentException">Some channels have running statistics and another has none.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A parameter is outside its range.</exception>
    public BatchRenormLayer(RunningMoments runningMoments, int spatialSize = 1, double epsilon = DefaultEpsilon)
        : base((runningMoments ?? throw new ArgumentNullException(nameof(runningMoments))).FeatureCount, ChannelLayout.RowLength(runningMoments.FeatureCount, spatialSize), epsilon)
    {
        _running = WithDeviations(runningMoments, epsilon);
        _normalizer = new ChannelNormalizer(runningMoments.FeatureCount);
        _deviation = ChannelLayout.PerChannel(runningMoments.FeatureCount);
        SpatialSize = spatialSize;
    }

    /// <summary>Number of channels.</summary>
    public int ChannelCount => _running.FeatureCount;

    /// <summary>Values per channel and row.</summary>
    public int SpatialSize { get; }

    /// <summary>The limit of r, at least 1; 1 for no correction of the scale, infinity for no limit. May change between batches.</summary>
    /// <value>Default: 3.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1 or NaN.</exception>
    public double RMax
    {
        get;
        set => field = value >= 1
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "RMax must be at least 1: r is kept between 1 / RMax and RMax.");
    } = DefaultRMax;

    /// <summary>The limit of d, 0 or more; 0 for no correction of the mean, infinity for no limit. May change between batches.</summary>
    /// <value>Default: 5.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative or NaN.</exception>
    public double DMax
    {
        get;
        set => field = value >= 0
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "DMax must not be negative: d is kept between -DMax and DMax.");
    } = DefaultDMax;

    /// <summary>Whether training batches enter the running statistics. False holds them still, for a forward pass that is repeated.</summary>
    /// <value>Default: true.</value>
    public bool UpdateRunningStatistics { get; set; } = true;

    /// <summary>
    /// The most threads that work on one batch, the calling one included. Small batches stay on one, whatever is allowed; the results are
    /// the same bits on any number.
    /// </summary>
    /// <value>Default: 1.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int MaxDegreeOfParallelism
    {
        get => _normalizer.MaxDegreeOfParallelism;
        set => _normalizer.MaxDegreeOfParallelism = value;
    }

    /// <summary>The running mean mu, [channels], in units of the input; 0 before the first batch. A snapshot.</summary>
    public ImmutableArray<double> RunningMean => _running.Mean;

    /// <summary>The running standard deviation sigma, epsilon included, [channels], in units of the input; 1 before the first batch. A snapshot.</summary>
    public ImmutableArray<double> RunningStandardDeviation => _running.Variance;

    /// <summary>Number of batches that the running statistics have taken in.</summary>
    public long BatchCount => _running.BatchCount;

    // Of mu and, in place of a variance, of sigma.
    internal RunningMoments RunningMoments => _running;

    /// <summary>r of the last forward pass, [channels]; 1 after inference.</summary>
    public ReadOnlySpan<double> R => _normalizer.Ratio.AsSpan(0, ChannelCount);

    /// <summary>d of the last forward pass, [channels], in standard deviations; 0 after inference.</summary>
    public ReadOnlySpan<double> D => _normalizer.Offset.AsSpan(0, ChannelCount);

    private protected override void ForwardBatch<T>(ReadOnlySpan<T> input, Span<T> output, int rowCount, bool training)
    {
        ChannelLayout layout = ChannelLayout.Of(rowCount, ChannelCount, SpatialSize);
        if (training)
        {
            ChannelStatistics batch = _normalizer.Measure(input, layout);
            _running.CopyTo(_normalizer.Center, _deviation);
            for (int channel = 0; channel < ChannelCount; channel++)
            {
                // The batch's numbers are in units of x Prescale, the running ones in those of x.
                double prescale = _normalizer.PrescaleOf(channel);
                double batchDeviation = Math.Sqrt(batch.Variance[channel] + (Epsilon * prescale * prescale));
                _normalizer.InverseDeviation[channel] = 1 / batchDeviation;
                batchDeviation /= prescale;
                double batchMean = batch.Mean[channel] / prescale;
                Correct(channel, batchMean, batchDeviation, _normalizer.Center[channel], _deviation[channel]);
                _normalizer.Center[channel] = batchMean;
                _deviation[channel] = batchDeviation;
            }

            if (UpdateRunningStatistics)
            {
                _running.Update(_normalizer.Center, _deviation);
            }

            batch.Mean.CopyTo(_normalizer.Center, 0);
        }
        else
        {
            _normalizer.ResetCorrection();
            _running.CopyTo(_normalizer.Center, _deviation);
            for (int channel = 0; channel < ChannelCount; channel++)
            {
                _normalizer.InverseDeviation[channel] = 1 / _deviation[channel];
            }

            _normalizer.PrepareInference(input, layout);
        }

        _normalizer.Forward(input, output, layout, Gamma, Beta);
        _forwardTraining = training;
    }

    private protected override void BackwardBatch<T>(
        ReadOnlySpan<T> input,
        ReadOnlySpan<T> outputGradient,
        Span<T> inputGradient,
        int rowCount,
        Span<double> gammaGradient,
        Span<double> betaGradient)
    {
        ChannelLayout layout = ChannelLayout.Of(rowCount, ChannelCount, SpatialSize);
        _normalizer.Backward(input, outputGradient, inputGradient, layout, _forwardTraining, Gamma, gammaGradient, betaGradient);
    }

    /// <summary>The running moments with sigma where they have the variance.</summary>
    private static RunningMoments WithDeviations(RunningMoments moments, double epsilon)
    {
        if (moments.BatchCount == 0)
        {
            return new RunningMoments(moments.FeatureCount, moments.Momentum, VarianceEstimator.Population, moments.RunningStart);
        }

        for (int channel = 0; channel < moments.FeatureCount; channel++)
        {
            if (!moments.HasStarted(channel))
            {
                throw new ArgumentException(
                    $"Expected running statistics of every channel, and found none of channel {channel} after {moments.BatchCount} batch(es).", nameof(moments));
            }
        }

        return RunningMoments.FromStatistics(
            moments.Mean,
            [.. moments.Variance.Select(variance => Math.Sqrt(variance + epsilon))],
            moments.BatchCount,
            moments.Momentum,
            VarianceEstimator.Population,
            moments.RunningStart);
    }

    /// <summary>Sets r and d, that the gradient takes for constants.</summary>
    private void Correct(int channel, double batchMean, double batchDeviation, double mean, double deviation)
    {
        bool known = _running.HasStarted(channel);
        _normalizer.Ratio[channel] = known ? Math.Clamp(batchDeviation / deviation, 1 / RMax, RMax) : 1;
        _normalizer.Offset[channel] = known ? Math.Clamp((batchMean - mean) / deviation, -DMax, DMax) : 0;
    }
}
