namespace MLNet.BatchNorm;

/// <summary>
/// Group normalization: the channels of each row in groups, each by its own mean and variance, so that neither batch size nor other rows
/// matter. Wu and He, "Group normalization" (2018).
/// </summary>
/// <remarks>
/// <para>
/// Batches are [rows, channels] or, with a spatial size, [rows, channels, spatial] (images: spatial = height * width). A group is channels /
/// groups neighbouring channels with all their spatial values; <see cref="NormalizationLayer.Gamma"/> and
/// <see cref="NormalizationLayer.Beta"/> are [channels]. One group is layer normalization over the row (with gamma and beta per channel); as
/// many groups as channels is instance normalization.
/// </para>
/// <para>
/// Per row and group of m values (equations 1, 2 and 7): mu = sum x / m; var = sum (x - mu)^2 / m; xhat = (x - mu) / sqrt(var + epsilon);
/// y = gamma xhat + beta. Training and inference are the same; batches of one row are fine. A constant group gives y = beta. NaN or infinity
/// in a group makes that group NaN, and no other value. Groups of doubles so far apart that their variance is beyond double are normalized all the
/// same.
/// </para>
/// <para>
/// Backward, with s = 1 / sqrt(var + epsilon) and h = gamma g: dL/dbeta = sum of g and dL/dgamma = sum of g xhat, over the rows and spatial
/// values of a channel; dL/dx = s (h - (sum h) / m - xhat (sum h xhat) / m), these sums over the group. Equal to PyTorch's GroupNorm. Not
/// thread safe.
/// </para>
/// </remarks>
public sealed class GroupNormLayer : NormalizationLayer
{
    private readonly RowNormalizer _normalizer;

    // Per value of a row, as the kernels read them; with one value per channel gamma and beta themselves would do.
    private readonly double[] _gamma;
    private readonly double[] _beta;
    private readonly double[] _gammaGradient;
    private readonly double[] _betaGradient;

    /// <summary>A layer with gamma 1 and beta 0.</summary>
    /// <param name="channelCount">Number of channels (features, neurons); at least 1.</param>
    /// <param name="groupCount">Number of groups; a divisor of the channels.</param>
    /// <param name="spatialSize">Values per channel and row, at least 1.<value>1</value></param>
    /// <param name="epsilon">Added to the variance; positive.<value>1e-5</value></param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter is outside its range.</exception>
    public GroupNormLayer(int channelCount, int groupCount, int spatialSize = 1, double epsilon = DefaultEpsilon)
        : base(ChannelLayout.CheckCount(channelCount), ChannelLayout.RowLength(channelCount, spatialSize), epsilon)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(groupCount, 1);
        if (channelCount % groupCount != 0)
        {
            throw new ArgumentOutOfRangeException(
                nameof(groupCount), groupCount, $"Expected a divisor of the {channelCount} channels: groups have as many channels each.");
        }

        (GroupCount, SpatialSize) = (groupCount, spatialSize);
        _normalizer = new RowNormalizer(RowLength / groupCount, groupCount, epsilon, centers: true);
        _gamma = new double[RowLength];
        _beta = new double[RowLength];
        _gammaGradient = new double[RowLength];
        _betaGradient = new double[RowLength];
    }

    /// <summary>Number of channels.</summary>
    public int ChannelCount => Gamma.Length;

    /// <summary>Number of groups.</summary>
    public int GroupCount { get; }

    /// <summary>Values per channel and row.</summary>
    public int SpatialSize { get; }

    private protected override void ForwardBatch<T>(ReadOnlySpan<T> input, Span<T> output, int rowCount, bool training)
    {
        Spread(Gamma, _gamma);
        Spread(Beta, _beta);
        _normalizer.Forward(input, output, rowCount, _gamma, _beta);
    }

    private protected override void BackwardBatch<T>(
        ReadOnlySpan<T> input,
        ReadOnlySpan<T> outputGradient,
        Span<T> inputGradient,
        int rowCount,
        Span<double> gammaGradient,
        Span<double> betaGradient)
    {
        _normalizer.Backward(input, outputGradient, inputGradient, rowCount, _gamma, _gammaGradient, _betaGradient);
        Gather(_gammaGradient, gammaGradient);
        Gather(_betaGradient, betaGradient);
    }

    private void Spread(ReadOnlySpan<double> perChannel, Span<double> perValue)
    {
        for (int channel = 0; channel < perChannel.Length; channel++)
        {
            perValue.Slice(channel * SpatialSize, SpatialSize).Fill(perChannel[channel]);
        }
    }

    private void Gather(ReadOnlySpan<double> perValue, Span<double> perChannel)
    {
        for (int channel = 0; channel < perChannel.Length; channel++)
        {
            double sum = 0;
            foreach (double value in perValue.Slice(channel * SpatialSize, SpatialSize))
            {
                sum += value;
            }

            perChannel[channel] = sum;
        }
    }
}
