using System.Numerics;

namespace MLNet.BatchNorm;

/// <summary>
/// What one thread at a time adds rows to. There are more lanes than threads that run at once: a thread that finds one taken goes to the next, and
/// waits for none.
/// </summary>
internal sealed class MonitorLane(FittedColumn[] empty)
{
    private const int Padding = 16;

    // One more than the window has: the oldest is overwritten only when it is out.
    private readonly MonitorBucket?[] _buckets = new MonitorBucket?[MonitorWindow.BucketCount + 1];

    // Amid memory that no other lane writes to, so that no processor takes it from another's cache: whether it is taken, and its rows.
    private readonly long[] _state = new long[2 * Padding];

    /// <summary>Rows since the lane was made.</summary>
    public long RowCount => Volatile.Read(ref _state[Padding + 1]);

    private ref long Taken => ref _state[Padding];

    public bool TryEnter() => Volatile.Read(ref Taken) == 0 && Interlocked.CompareExchange(ref Taken, 1, 0) == 0;

    public void Leave() => Volatile.Write(ref Taken, 0);

    /// <summary>Adds a row; to be called inside.</summary>
    public void Add<T>(ReadOnlySpan<T> row, long bucketNumber)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        MonitorBucket bucket = _buckets[bucketNumber % _buckets.Length] ??= new MonitorBucket(empty);
        if (bucket.Number != bucketNumber)
        {
            bucket.StartOver(bucketNumber);
        }
        bucket.Add(row);
        Volatile.Write(ref _state[Padding + 1], _state[Padding + 1] + 1);
    }

    /// <summary>Adds the rows of the window to it; to be called inside.</summary>
    public void MoveInto(FittedColumn[] window, long latestBucket)
    {
        foreach (MonitorBucket? bucket in _buckets)
        {
            if (bucket is not null && bucket.Number > latestBucket - MonitorWindow.BucketCount && bucket.Number >= 0)
            {
                bucket.MoveInto(window);
            }
        }
    }
}
