namespace MLNet.BatchNorm;

/// <summary>What the sum of squared deviations from the mean is divided by. The numbers are part of the saved format.</summary>
public enum VarianceEstimator
{
    /// <summary>
    /// By the number of values (or the sum of weights), <c>sum (x - mean)^2 / m</c>: the variance of the data at hand. Of batches: what the
    /// paper's algorithm 1, Keras and ONNX take into the running variance.
    /// </summary>
    Population = 0,

    /// <summary>
    /// By one less, <c>sum (x - mean)^2 / (m - 1)</c>: the unbiased estimate of the variance of what the data were drawn from. Of batches:
    /// what PyTorch takes into the running variance; a batch then needs two values of a feature.
    /// </summary>
    Sample = 1,
}
