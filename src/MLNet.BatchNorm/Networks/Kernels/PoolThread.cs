namespace MLNet.BatchNorm;

/// <summary>A thread of a pool: does parts of its work, spins for a while when there are none, then sleeps until it is woken.</summary>
internal sealed class PoolThread : IDisposable
{
    // Some tens of microseconds: longer than what lies between two products of a training step, short enough not to burn a core.
    private const int SpinsBeforeSleep = 2000;

    private readonly WorkerPool _pool;
    private readonly int _number;
    private readonly Thread _thread;
    private readonly SemaphoreSlim _wake = new(0);
    private volatile bool _stopping;
    private int _asleep;

    public PoolThread(WorkerPool pool, int number)
    {
        (_pool, _number) = (pool, number);
        _thread = new Thread(Loop) { IsBackground = true, Name = $"Network training {number}" };
        _thread.Start();
    }

    public void WakeIfAsleep()
    {
        if (Volatile.Read(ref _asleep) == 1 && Interlocked.Exchange(ref _asleep, 0) == 1)
        {
            _wake.Release();
        }
    }

    public void Dispose()
    {
        _stopping = true;
        Interlocked.MemoryBarrier();
        WakeIfAsleep();
        _thread.Join();
        _wake.Dispose();
    }

    private void Loop()
    {
        while (!_stopping)
        {
            _pool.TakeParts(_number);
            for (int spin = 0; spin < SpinsBeforeSleep && !_pool.HasWork && !_stopping; spin++)
            {
                Thread.SpinWait(4);
            }

            Sleep();
        }
    }

    // Between saying that it sleeps and sleeping, the thread looks once more: a start in between either is seen here or sees the flag.
    private void Sleep()
    {
        if (_pool.HasWork || _stopping)
        {
            return;
        }

        Interlocked.Exchange(ref _asleep, 1);
        if ((_pool.HasWork || _stopping) && Interlocked.Exchange(ref _asleep, 0) == 1)
        {
            return;
        }

        _wake.Wait();
    }
}
