namespace MLNet.BatchNorm;

/// <summary>One column pair after a fit of batch normalization. Its moments are the exact ones, pooled over all rows.</summary>
internal sealed record RunningColumn : FittedColumn
{
    public RunningColumn(FittedColumn fitted, RunningMoments running, BatchTally batches)
        : base(fitted)
    {
        Running = running;
        Batches = batches;
    }

    /// <summary>The running statistics, per feature of the layout.</summary>
    public RunningMoments Running { get; init; }

    /// <summary>What the batches were like.</summary>
    public BatchTally Batches { get; init; }

    /// <summary>With the statistics of both sides, whose running statistics are plain averages.</summary>
    public override FittedColumn Merge(FittedColumn other)
    {
        var (merged, others) = ((RunningColumn)base.Merge(other), (RunningColumn)other);
        var running = Running.Clone();
        running.Merge(others.Running);
        var batches = Batches.Clone();
        batches.Merge(others.Batches, others.Running.UpdateCount, running.UpdateCount);
        return merged with { Running = running, Batches = batches };
    }
}
