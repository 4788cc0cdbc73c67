namespace MLNet.BatchNorm;

/// <summary>Which statistics a network that is normalized over batches takes at inference.</summary>
public enum NormalizationStatistics
{
    /// <summary>The running ones of the training: averages over its batches, while the weights changed.</summary>
    Running,

    /// <summary>
    /// The mean and population variance of each normalized activation over the whole training set, by the weights that training ended with,
    /// layer by layer. Takes one more pass over the rows per hidden layer.
    /// </summary>
    Exact,
}
