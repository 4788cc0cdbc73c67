namespace MLNet.BatchNorm;

/// <summary>Which eighth of a sliding window a row belongs to: they are numbered, and the latest eight are the window.</summary>
internal sealed class MonitorWindow(DriftMonitorOptions options)
{
    public const int BucketCount = 8;

    private readonly TimeProvider _clock = options.TimeProvider;
    private readonly long _start = options.TimeProvider.GetTimestamp();
    private readonly long _rowsPerBucket = (options.WindowRows ?? 0) / BucketCount;
    private readonly long _ticksPerBucket = (long)((options.WindowTime?.TotalSeconds ?? 0) * options.TimeProvider.TimestampFrequency / BucketCount);

    private long _rowCount;

    /// <summary>Counts a row, and returns the number of its bucket.</summary>
    public long Next()
    {
        if (_rowsPerBucket > 0)
        {
            return (Interlocked.Increment(ref _rowCount) - 1) / _rowsPerBucket;
        }
        return _ticksPerBucket > 0 ? Time() : 0;
    }

    /// <summary>The number of the latest bucket.</summary>
    public long Latest() => _rowsPerBucket > 0 ? Math.Max(0, Interlocked.Read(ref _rowCount) - 1) / _rowsPerBucket : _ticksPerBucket > 0 ? Time() : 0;

    private long Time() => (_clock.GetTimestamp() - _start) / _ticksPerBucket;
}
