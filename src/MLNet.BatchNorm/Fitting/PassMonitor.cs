namespace MLNet.BatchNorm;

/// <summary>Counts the rows of a pass, tells the options' listener of them, and looks now and then whether to stop.</summary>
internal sealed class PassMonitor
{
    private const long RowsPerCheck = 1024;
    private const long RowsPerReport = 64 * RowsPerCheck;

    private readonly ScalingOptions _options;
    private readonly long? _totalRowCount;

    public PassMonitor(ScalingOptions options, Func<long?> countRows)
    {
        options.CancellationToken.ThrowIfCancellationRequested();
        _options = options;
        _totalRowCount = options.Progress is null ? null : countRows();
    }

    /// <summary>Rows read so far.</summary>
    public long RowCount { get; private set; }

    /// <summary>To be called for each row.</summary>
    public void NextRow()
    {
        if (++RowCount % RowsPerCheck == 0)
        {
            _options.CancellationToken.ThrowIfCancellationRequested();
            if (RowCount % RowsPerReport == 0)
            {
                Report();
            }
        }
    }

    /// <summary>To be called when all rows have been read.</summary>
    public void Finish() => Report();

    private void Report() => _options.Progress?.Report(new FitProgress(RowCount, _totalRowCount));
}
