namespace MLNet.BatchNorm;

/// <summary>
/// Layer normalization: each row by its own mean and variance, so that neither batch size nor other rows matter. Ba, Kiros and Hinton,
/// "Layer normalization" (2016).
/// </summary>
/// <remarks>
/// <para>
/// Batches are [rows, features], the features being all values of a row that are normalized together (of images: channels * height * width);
/// <see cref="NormalizationLayer.Gamma"/> and <see cref="NormalizationLayer.Beta"/> are [features].
/// </para>
/// <para>
/// Per row of n features (equations 3 and 4; the epsilon is customary): mu = sum x / n; var = sum (x - mu)^2 / n;
/// xhat = (x - mu) / sqrt(var + epsilon); y = gamma xhat + beta. Training and inference are the same; batches of one row are fine. A
/// constant row, and so any row of one feature, gives y = beta. NaN or infinity in a row makes that row NaN, and no other. Rows of doubles
/// so far apart that their variance is beyond double are normalized all the same.
/// </para>
/// <para>
/// Backward, with s = 1 / sqrt(var + epsilon) and h = gamma g: dL/dbeta = sum over rows of g; dL/dgamma = sum over rows of g xhat;
/// dL/dx = s (h - (sum h) / n - xhat (sum h xhat) / n), these sums over the features of the row. Not thread safe.
/// </para>
/// </remarks>
public sealed class LayerNormLayer : NormalizationLayer
{
    private readonly RowNormalizer _normalizer;

    /// <summary>A layer with gamma 1 and beta 0.</summary>
    /// <param name="featureCount">Values per row, at least 1.</param>
    /// <param name="epsilon">Added to the variance; positive.<value>1e-5</value></param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter is outside its range.</exception>
    public LayerNormLayer(int featureCount, double epsilon = DefaultEpsilon)
        : base(ChannelLayout.CheckCount(featureCount), featureCount, epsilon) =>
        _normalizer = new RowNormalizer(featureCount, groupCount: 1, epsilon, centers: true);

    private protected override void ForwardBatch<T>(ReadOnlySpan<T> input, Span<T> output, int rowCount, bool training) =>
        _normalizer.Forward(input, output, rowCount, Gamma, Beta);

    private protected override void BackwardBatch<T>(
        ReadOnlySpan<T> input,
        ReadOnlySpan<T> outputGradient,
        Span<T> inputGradient,
        int rowCount,
        Span<double> gammaGradient,
        Span<double> betaGradient) =>
        _normalizer.Backward(input, outputGradient, inputGradient, rowCount, Gamma, gammaGradient, betaGradient);
}
