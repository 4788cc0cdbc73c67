namespace MLNet.BatchNorm;

/// <summary>
/// Root mean square normalization: each row by its own size, without a mean, so that neither batch size nor other rows matter. Zhang and
/// Sennrich, "Root mean square layer normalization" (2019).
/// </summary>
/// <remarks>
/// <para>
/// Batches are [rows, features], the features being all values of a row that are normalized together;
/// <see cref="NormalizationLayer.Gamma"/> and <see cref="NormalizationLayer.Beta"/> are [features]. Beta is the bias of the paper's equation 2,
/// which stands behind the normalization; other libraries' RMSNorm has none: leave it at 0.
/// </para>
/// <para>
/// Per row of n features (equation 4; the epsilon is customary): rms = sqrt(sum x^2 / n + epsilon); xhat = x / rms; y = gamma xhat + beta.
/// Training and inference are the same; batches of one row are fine. A row of zeros gives y = beta. NaN or infinity in a row makes that row
/// NaN or beta, and no other row. Rows of doubles whose squares are beyond double are normalized all the same.
/// </para>
/// <para>
/// Backward, with h = gamma g: dL/dbeta = sum over rows of g; dL/dgamma = sum over rows of g xhat; dL/dx = (h - xhat (sum h xhat) / n) / rms,
/// this sum over the features of the row. Not thread safe.
/// </para>
/// </remarks>
public sealed class RMSNormLayer : NormalizationLayer
{
    private readonly RowNormalizer _normalizer;

    /// <summary>A layer with gamma 1 and beta 0.</summary>
    /// <param name="featureCount">Values per row, at least 1.</param>
    /// <param name="epsilon">Added to the mean square; positive.<value>1e-5</value></param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter is outside its range.</exception>
    public RMSNormLayer(int featureCount, double epsilon = DefaultEpsilon)
        : base(ChannelLayout.CheckCount(featureCount), featureCount, epsilon) =>
        _normalizer = new RowNormalizer(featureCount, groupCount: 1, epsilon, centers: false);

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
