namespace MLNet.BatchNorm;

/// <summary>How an exponential running average begins, when there is no history yet.</summary>
public enum RunningStart
{
    /// <summary>
    /// Start at zero and divide by the weight gathered so far, <c>1 - (1 - momentum)^t</c> after t batches: a weighted mean of the
    /// batches seen and of nothing else. Unbiased from the first batch on.
    /// </summary>
    Debiased = 0,

    /// <summary>The first batch is taken over as it is; the later ones are averaged in.</summary>
    FirstBatch = 1,

    /// <summary>
    /// Start at mean 0 and variance 1, as PyTorch and Keras do. The start fades as <c>(1 - momentum)^t</c>: with momentum 0.1 it
    /// still weighs 35% after ten batches.
    /// </summary>
    ZeroOne = 2,
}
