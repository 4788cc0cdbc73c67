using System.Runtime.ExceptionServices;

namespace MLNet.BatchNorm;

/// <summary>Counts the rows of a pass, tells the options' listener of them, and looks now and then whether to stop.</summary>
internal sealed class PassMonitor
{
    private const long RowsPerCount = 1024;
    private const long RowsPerReport = 64 * RowsPerCount;

    // A check costs some nanoseconds. So many rows of a source that needs 12 ms for each take less than 200 ms; where a check was late,
    // because rows are wide or slow, the next one comes after fewer rows.
    private const int MostRowsPerCheck = 16;
    private const long LateMilliseconds = 50;

    private readonly Lock _lock = new();
    private readonly IProgress<FitProgress>? _progress;
    private readonly long? _totalRowCount;
    private long _rowCount;
    private ExceptionDispatchInfo? _listenerFailure;

    public PassMonitor(ScalingOptions options, Func<long?> countRows)
    {
        options.CancellationToken.ThrowIfCancellationRequested();
        _progress = options.Progress;
        // What a view says it holds may be anything.
        _totalRowCount = _progress is not null && countRows() is >= 0 and var count ? count : null;
    }

    /// <summary>A count for the rows that one thread reads.</summary>
    public Rows StartThread(CancellationToken cancellationToken) => new(this, cancellationToken);

    /// <summary>To be called when all rows have been read.</summary>
    public void Finish() => _progress?.Report(new FitProgress(_rowCount, _totalRowCount));

    /// <summary>Throws what the listener has thrown on some thread, if it has.</summary>
    public void ThrowIfListenerFailed() => _listenerFailure?.Throw();

    private void Add(long count)
    {
        lock (_lock)
        {
            long before = _rowCount;
            _rowCount += count;
            if (before / RowsPerReport != _rowCount / RowsPerReport)
            {
                Report();
            }
        }
    }

    private void Report()
    {
        try
        {
            _progress?.Report(new FitProgress(_rowCount, _totalRowCount));
        }
        catch (Exception exception)
        {
            _listenerFailure = ExceptionDispatchInfo.Capture(exception);
            throw;
        }
    }

    /// <summary>The rows that one thread has read.</summary>
    public sealed class Rows(PassMonitor monitor, CancellationToken cancellationToken)
    {
        private int _rowsPerCheck = 1;
        private long _lastCheck = Environment.TickCount64;

        /// <summary>Rows so far.</summary>
        public long Count { get; private set; }

        /// <summary>Rows until it should be looked again whether to stop.</summary>
        public int UntilCheck { get; private set; } = 1;

        /// <summary>To be called for each row, or for as many as are left <see cref="UntilCheck"/> at most.</summary>
        public void Next(int count = 1)
        {
            Count += count;
            UntilCheck -= count;
            if (UntilCheck == 0)
            {
                Check();
            }
        }

        /// <summary>To be called after the last row.</summary>
        public void Finish() => monitor.Add(Count % RowsPerCount);

        private void Check()
        {
            cancellationToken.ThrowIfCancellationRequested();
            long now = Environment.TickCount64;
            _rowsPerCheck = now - _lastCheck > LateMilliseconds ? Math.Max(1, _rowsPerCheck / 4) : Math.Min(2 * _rowsPerCheck, MostRowsPerCheck);
            _lastCheck = now;
            long untilCount = RowsPerCount - (Count % RowsPerCount);
            UntilCheck = (int)Math.Min(_rowsPerCheck, untilCount);
            if (untilCount == RowsPerCount)
            {
                monitor.Add(RowsPerCount);
            }
        }
    }
}
