namespace MLNet.BatchNorm;

/// <summary>A piece of work that splits into parts which do not depend on each other.</summary>
internal interface IParallelWork
{
    /// <summary>Does one part; must not throw.</summary>
    /// <param name="thread">Which thread does it, from 0: no two do parts at the same time under the same number.</param>
    /// <param name="part">From 0.</param>
    /// <param name="partCount">Into how many parts the work is split.</param>
    void Run(int thread, int part, int partCount);
}

/// <summary>
/// A few threads that wait for work of some microseconds: handing it over allocates nothing, and costs about a microsecond while the
/// threads are still spinning from the last time. Used by one thread at a time.
/// </summary>
/// <remarks>
/// Parts are taken one by one by whichever thread is free, the calling one included. Where the processor is busy with something else and
/// the other threads do not get to run, the caller does their parts too, rather than wait for them.
/// </remarks>
internal sealed class WorkerPool : IDisposable
{
    /// <summary>The most parts of a piece of work.</summary>
    public const int MostParts = ushort.MaxValue;

    private readonly PoolThread[] _threads;
    private IParallelWork? _work;

    // In one number, so that a part is taken by one exchange: which work it is (32 bits), its parts (16), and those taken so far (16).
    private long _state;
    private int _doneParts;

    /// <param name="threadCount">Threads, the calling one included.</param>
    public WorkerPool(int threadCount)
    {
        _threads = new PoolThread[threadCount - 1];
        for (int i = 0; i < _threads.Length; i++)
        {
            _threads[i] = new PoolThread(this, i + 1);
        }
    }

    public int ThreadCount => _threads.Length + 1;

    /// <summary>Whether some part waits for a thread.</summary>
    public bool HasWork => IsLeft(Volatile.Read(ref _state));

    /// <summary>Does all parts, and returns when they are done.</summary>
    /// <exception cref="ArgumentOutOfRangeException">More than <see cref="MostParts"/> parts.</exception>
    public void Run(IParallelWork work, int partCount)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(partCount, MostParts);
        _work = work;
        _doneParts = 0;
        Volatile.Write(ref _state, (((_state >> 32) + 1) << 32) | ((long)partCount << 16));
        Interlocked.MemoryBarrier();
        for (int i = 0; i < Math.Min(partCount - 1, _threads.Length); i++)
        {
            _threads[i].WakeIfAsleep();
        }

        TakeParts(0);
        var spin = new SpinWait();
        while (Volatile.Read(ref _doneParts) < partCount)
        {
            spin.SpinOnce(sleep1Threshold: -1);
        }
    }

    /// <summary>Does parts until none is left.</summary>
    public void TakeParts(int thread)
    {
        long state = Volatile.Read(ref _state);
        while (IsLeft(state))
        {
            // Read before the part is taken: once it is, and until it is done, the work cannot be another one.
            IParallelWork work = _work!;
            long found = Interlocked.CompareExchange(ref _state, state + 1, state);
            if (found != state)
            {
                state = found;
                continue;
            }

            work.Run(thread, (int)(state & MostParts), PartCount(state));
            Interlocked.Increment(ref _doneParts);
            state = Volatile.Read(ref _state);
        }
    }

    public void Dispose()
    {
        foreach (PoolThread thread in _threads)
        {
            thread.Dispose();
        }
    }

    private static bool IsLeft(long state) => (state & MostParts) < PartCount(state);

    private static int PartCount(long state) => (int)((state >> 16) & MostParts);
}
