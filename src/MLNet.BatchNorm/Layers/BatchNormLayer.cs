using System.Collections.Immutable;
using System.Numerics;

namespace MLNet.BatchNorm;

/// <summary>
/// Batch normalization inside a network, forward and backward: Ioffe and Szegedy, "Batch normalization: accelerating deep network training
/// by reducing internal covariate shift" (2015).
/// </summary>
/// <remarks>
/// <para>
/// Batches are [rows, channels] or, with a spatial size, [rows, channels, spatial] (images: spatial = height * width). Statistics are per
/// channel, over the m = rows * spatial values of the batch; <see cref="NormalizationLayer.Gamma"/> and
/// <see cref="NormalizationLayer.Beta"/> are [channels].
/// </para>
/// <para>
/// Training (algorithm 1): mu = sum x / m; var = sum (x - mu)^2 / m; xhat = (x - mu) / sqrt(var + epsilon); y = gamma xhat + beta. The
/// running statistics take the batch in, each as <c>r &lt;- (1 - momentum) r + momentum b</c>; a channel with NaN or infinity in the batch,
/// or with a variance beyond double (values more than 1e154 apart, which are normalized all the same), keeps its running statistics. A
/// constant channel has var = 0, and y = beta.
/// </para>
/// <para>
/// Inference (algorithm 2): the same with the running mean and variance, which stay as they are: no dependence on the batch.
/// </para>
/// <para>
/// Backward, training (section 3), with s = 1 / sqrt(var + epsilon): dL/dbeta = sum g; dL/dgamma = sum g xhat;
/// dL/dx = gamma s (g - (sum g) / m - xhat (sum g xhat) / m). The gradient goes through mu and var. Backward, inference: dL/dx = gamma s g.
/// </para>
/// <para>
/// PyTorch's BatchNorm1d and BatchNorm2d are <c>varianceEstimator: VarianceEstimator.Sample, runningStart: RunningStart.ZeroOne</c>; Keras's
/// BatchNormalization is <c>epsilon: 1e-3, momentum: 0.01, runningStart: RunningStart.ZeroOne</c> (its momentum 0.99 is the weight of the
/// past). Not thread safe.
/// </para>
/// </remarks>
public sealed partial class BatchNormLayer : NormalizationLayer
{
    /// <summary>The default of the momentum.</summary>
    public const double DefaultMomentum = 0.1;

    // Of the whole batch, or of its first part.
    private readonly ChannelNormalizer _normalizer;
    private readonly List<ChannelNormalizer> _furtherParts = [];
    private double[] _partGradients = [];
    private bool _forwardTraining;
    private int? _ghostBatchSize;

    /// <summary>A layer with gamma 1, beta 0, and no batch seen: inference is then the identity, up to epsilon.</summary>
    /// <param name="channelCount">Number of channels (features, neurons); at least 1.</param>
    /// <param name="spatialSize">Values per channel and row, at least 1.<value>1</value></param>
    /// <param name="epsilon">Added to the variance; positive.<value>1e-5</value></param>
    /// <param name="momentum">Weight of a new batch in the running statistics, in (0, 1], or null for the plain average.<value>0.1</value></param>
    /// <param name="varianceEstimator">Which variance of a batch is averaged.<value>Population</value></param>
    /// <param name="runningStart">How the running statistics begin.<value>Debiased</value></param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter is outside its range.</exception>
    public BatchNormLayer(
        int channelCount,
        int spatialSize = 1,
        double epsilon = DefaultEpsilon,
        double? momentum = DefaultMomentum,
        VarianceEstimator varianceEstimator = VarianceEstimator.Population,
        RunningStart runningStart = RunningStart.Debiased)
        : this(new RunningMoments(ChannelLayout.CheckCount(channelCount), momentum, varianceEstimator, runningStart), spatialSize, epsilon)
    {
    }

    /// <summary>
    /// A layer that goes on from given running statistics: those of a layer that was trained elsewhere. Gamma is 1 and beta 0 until they
    /// are set.
    /// </summary>
    /// <param name="runningMoments">The running statistics, per channel, with momentum, estimator and start. Copied.</param>
    /// <param name="spatialSize">Values per channel and row, at least 1.<value>1</value></param>
    /// <param name="epsilon">Added to the variance; positive.<value>1e-5</value></param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter is outside its range.</exception>
    public BatchNormLayer(RunningMoments runningMoments, int spatialSize = 1, double epsilon = DefaultEpsilon)
        : base((runningMoments ?? throw new ArgumentNullException(nameof(runningMoments))).FeatureCount, ChannelLayout.RowLength(runningMoments.FeatureCount, spatialSize), epsilon)
    {
        RunningMoments = runningMoments.Clone();
        SpatialSize = spatialSize;
        _normalizer = new ChannelNormalizer(ChannelCount);
    }

    /// <summary>Number of channels.</summary>
    public int ChannelCount => RunningMoments.FeatureCount;

    /// <summary>Values per channel and row.</summary>
    public int SpatialSize { get; }

    /// <summary>
    /// Whether training batches enter the running statistics. False holds them still while the batch's own statistics normalize: for a
    /// forward pass that is repeated, or a network that is fine-tuned.
    /// </summary>
    /// <value>Default: true.</value>
    public bool UpdateRunningStatistics { get; set; } = true;

    /// <summary>
    /// Rows of a ghost batch, at least 2 (1 with a spatial size): training then measures and normalizes a batch in parts of so many rows, the
    /// last with what is left over, as if each part were a batch, while the gradients are those of the whole. Large batches keep the noise
    /// that small ones regularize by. Each part enters the running statistics. Hoffer, Hubara and Soudry, "Train longer, generalize better"
    /// (2017), algorithm 1. A batch of fewer rows is one part.
    /// </summary>
    /// <value>Default: <see langword="null"/>; a batch is one part.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is too small.</exception>
    public int? GhostBatchSize
    {
        get => _ghostBatchSize;
        set => _ghostBatchSize = value is null || value >= (SpatialSize > 1 ? 1 : 2) ? value : throw new ArgumentOutOfRangeException(
            nameof(value), value, "A ghost batch needs more than one value per channel to measure a variance.");
    }

    /// <summary>
    /// The most threads that work on one batch, the calling one included. Small batches stay on one, whatever is allowed; the results are
    /// the same bits on any number.
    /// </summary>
    /// <value>Default: 1.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int MaxDegreeOfParallelism
    {
        get => _normalizer.MaxDegreeOfParallelism;
        set
        {
            _normalizer.MaxDegreeOfParallelism = value;
            _furtherParts.ForEach(part => part.MaxDegreeOfParallelism = value);
        }
    }

    /// <summary>The running mean that inference uses, [channels], in units of the input; 0 before the first batch. A snapshot.</summary>
    public ImmutableArray<double> RunningMean => RunningMoments.Mean;

    /// <summary>The running variance that inference uses, [channels], in squared units; 1 before the first batch. A snapshot.</summary>
    public ImmutableArray<double> RunningVariance => RunningMoments.Variance;

    /// <summary>Number of batches that the running statistics have taken in.</summary>
    public long BatchCount => RunningMoments.BatchCount;

    internal RunningMoments RunningMoments { get; }

    private protected override void ForwardBatch<T>(ReadOnlySpan<T> input, Span<T> output, int rowCount, bool training)
    {
        _forwardTraining = training;
        int parts = PartCount(rowCount, training);
        for (int part = 0; part < parts; part++)
        {
            (int start, int rows) = Part(part, parts, rowCount);
            ForwardPart(
                PartNormalizer(part), input.Slice(start * RowLength, rows * RowLength), output.Slice(start * RowLength, rows * RowLength), rows, training);
        }
    }

    private void ForwardPart<T>(ChannelNormalizer normalizer, ReadOnlySpan<T> input, Span<T> output, int rowCount, bool training)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ChannelLayout layout = ChannelLayout.Of(rowCount, ChannelCount, SpatialSize);
        double[] variance = normalizer.InverseDeviation;
        if (training)
        {
            ChannelStatistics batch = normalizer.Measure(input, layout);
            if (UpdateRunningStatistics)
            {
                UpdateRunning(normalizer, batch, layout);
            }

            batch.Mean.CopyTo(normalizer.Center, 0);
            batch.Variance.CopyTo(variance, 0);
            Invert(normalizer);
        }
        else
        {
            RunningMoments.CopyTo(normalizer.Center, variance);
            InvertRunning(variance);
            normalizer.PrepareInference(input, layout);
        }

        normalizer.Forward(input, output, layout, Gamma, Beta);
    }

    private protected override void BackwardBatch<T>(
        ReadOnlySpan<T> input,
        ReadOnlySpan<T> outputGradient,
        Span<T> inputGradient,
        int rowCount,
        Span<double> gammaGradient,
        Span<double> betaGradient)
    {
        int parts = PartCount(rowCount, _forwardTraining);
        if (parts > 1 && _partGradients.Length == 0)
        {
            _partGradients = new double[2 * ChannelCount];
        }

        for (int part = 0; part < parts; part++)
        {
            (int start, int rows) = Part(part, parts, rowCount);
            Span<double> gammaPart = part == 0 ? gammaGradient : _partGradients.AsSpan(0, ChannelCount);
            Span<double> betaPart = part == 0 ? betaGradient : _partGradients.AsSpan(ChannelCount);
            PartNormalizer(part).Backward(
                input.Slice(start * RowLength, rows * RowLength),
                outputGradient.Slice(start * RowLength, rows * RowLength),
                inputGradient.Slice(start * RowLength, rows * RowLength),
                ChannelLayout.Of(rows, ChannelCount, SpatialSize),
                _forwardTraining,
                Gamma,
                gammaPart,
                betaPart);
            for (int channel = 0; part > 0 && channel < ChannelCount; channel++)
            {
                gammaGradient[channel] += gammaPart[channel];
                betaGradient[channel] += betaPart[channel];
            }
        }
    }

    private int PartCount(int rowCount, bool training) => training && _ghostBatchSize is { } size ? Math.Max(1, rowCount / size) : 1;

    private (int Start, int RowCount) Part(int part, int partCount, int rowCount)
    {
        int start = part * (_ghostBatchSize ?? 0);
        return (start, part == partCount - 1 ? rowCount - start : _ghostBatchSize!.Value);
    }

    private ChannelNormalizer PartNormalizer(int part)
    {
        while (_furtherParts.Count < part)
        {
            _furtherParts.Add(new ChannelNormalizer(ChannelCount) { MaxDegreeOfParallelism = MaxDegreeOfParallelism });
        }

        return part == 0 ? _normalizer : _furtherParts[part - 1];
    }

    private void Invert(ChannelNormalizer normalizer)
    {
        for (int channel = 0; channel < ChannelCount; channel++)
        {
            double prescale = normalizer.PrescaleOf(channel);
            normalizer.InverseDeviation[channel] = 1 / Math.Sqrt(normalizer.InverseDeviation[channel] + (Epsilon * prescale * prescale));
        }
    }

    private void InvertRunning(double[] variance)
    {
        for (int channel = 0; channel < ChannelCount; channel++)
        {
            variance[channel] = 1 / Math.Sqrt(variance[channel] + Epsilon);
        }
    }

    private void UpdateRunning(ChannelNormalizer normalizer, ChannelStatistics batch, ChannelLayout layout)
    {
        double count = layout.ValuesPerChannel;
        double factor = RunningMoments.VarianceEstimator == VarianceEstimator.Sample ? count / (count - 1) : 1;
        if (!normalizer.IsShrunk)
        {
            RunningMoments.Update(batch.Mean, batch.Variance, factor);
            return;
        }

        double[] mean = normalizer.Center;
        double[] variance = normalizer.InverseDeviation;
        for (int channel = 0; channel < ChannelCount; channel++)
        {
            double prescale = normalizer.Prescale[channel];
            mean[channel] = batch.Mean[channel] / prescale;
            // A variance beyond double cannot be averaged in: NaN, as after NaN or infinity in the batch.
            double spread = batch.Variance[channel] / prescale / prescale;
            variance[channel] = double.IsFinite(spread) ? spread : double.NaN;
        }

        RunningMoments.Update(mean, variance, factor);
    }
}
