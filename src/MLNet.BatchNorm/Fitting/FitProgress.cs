namespace MLNet.BatchNorm;

/// <summary>How far a pass over the data has come.</summary>
/// <param name="RowCount">Rows read so far.</param>
/// <param name="TotalRowCount">Rows in all, where the data view knows it without a pass over the data; otherwise <see langword="null"/>.</param>
public readonly record struct FitProgress(long RowCount, long? TotalRowCount);
