namespace MLNet.BatchNorm;

/// <summary>Counts the rows of a pass, tells the options' listener of them, and looks now and then whether to stop.</summary>
internal sealed class PassMonitor
{
    private const long RowsPerCheck = 1024;
    private const long RowsPerReport = 64 * RowsPerCheck;

    private readonly Lock _lock = new();
    private readonly IProgress<FitProgress>? _progress;
    private readonly long? _totalRowCount;
    private long _rowCount;

    public PassMonitor(ScalingOptions options, Func<long?> countRows)
    {
        options.CancellationToken.ThrowIfCancellationRequested();
        _progress = options.Progress;
        _totalRowCount = _progress is null ? null : countRows();
    }

    /// <summary>A count for the rows that one thread reads.</summary>
    public Rows StartThread(CancellationToken cancellationToken) => new(this, cancellationToken);

    /// <summary>To be called when all rows have been read.</summary>
    public void Finish() => _progress?.Report(new FitProgress(_rowCount, _totalRowCount));

    private void Add(long count)
    {
        lock (_lock)
        {
            long before = _rowCount;
            _rowCount += count;
            if (before / RowsPerReport != _rowCount / RowsPerReport)
            {
                _progress?.Report(new FitProgress(_rowCount, _totalRowCount));
            }
        }
    }

    /// <summary>The rows that one thread has read.</summary>
    public sealed class Rows(PassMonitor monitor, CancellationToken cancellationToken)
    {
        /// <summary>Rows so far.</summary>
        public long Count { get; private set; }

        /// <summary>Rows until it should be looked again whether to stop.</summary>
        public int UntilCheck => (int)(RowsPerCheck - (Count % RowsPerCheck));

        /// <summary>To be called for each row, or for as many as are left <see cref="UntilCheck"/> at most.</summary>
        public void Next(int count = 1)
        {
            Count += count;
            if (count > 0 && Count % RowsPerCheck == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
                monitor.Add(RowsPerCheck);
            }
        }

        /// <summary>To be called after the last row.</summary>
        public void Finish() => monitor.Add(Count % RowsPerCheck);
    }
}
