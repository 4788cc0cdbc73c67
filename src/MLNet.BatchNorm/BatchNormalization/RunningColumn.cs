namespace MLNet.BatchNorm;

/// <summary>One column pair after a fit of batch normalization. Never changed once the fit is over: readers may be many.</summary>
/// <param name="Fitted">Names, type, layout, and the exact pooled statistics of all rows.</param>
/// <param name="Running">The running statistics, per feature of the layout.</param>
/// <param name="Batches">What the batches were like.</param>
internal sealed record RunningColumn(FittedColumn Fitted, RunningMoments Running, BatchTally Batches);
