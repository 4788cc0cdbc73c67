namespace MLNet.BatchNorm;

/// <summary>What happens to the rows left over at the end of the data, too few for a whole batch.</summary>
public enum LastBatch
{
    /// <summary>
    /// They make a smaller batch, which counts like any other. A single row makes none, as it has no variance, unless its slots share a
    /// channel: it is left out of the running statistics, and reported.
    /// </summary>
    Keep = 0,

    /// <summary>They are left out of the running statistics, and reported. The exact pooled statistics still have them.</summary>
    Drop = 1,
}
