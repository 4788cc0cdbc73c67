namespace MLNet.BatchNorm;

/// <summary>A piece of work that splits into parts which do not depend on each other.</summary>
internal interface IParallelWork
{
    /// <summary>Does one part.</summary>
    void Run(int part, int partCount);
}

/// <summary>
/// A few threads that wait for work of some microseconds: handing it over allocates nothing, and costs about a microsecond while the
/// threads are still spinning from the last time. Used by one thread at a time.
/// </summary>
internal sealed class WorkerPool : IDisposable
{
    // About 20 microseconds: longer than what lies between two products of a training step, short enough not to burn a core.
    private const int SpinsBeforeSleep = 2000;

    private readonly Worker[] _workers;

    public WorkerPool(int threadCount)
    {
        _workers = new Worker[threadCount - 1];
        for (int i = 0; i < _workers.Length; i++)
        {
            _workers[i] = new Worker(i + 1, threadCount);
        }
    }

    public int ThreadCount => _workers.Length + 1;

    /// <summary>Does all parts, one per thread, and returns when they are done. A part must not throw.</summary>
    public void Run(IParallelWork work)
    {
        foreach (Worker worker in _workers)
        {
            worker.Start(work);
        }

        work.Run(0, ThreadCount);
        foreach (Worker worker in _workers)
        {
            worker.WaitUntilDone();
        }
    }

    public void Dispose()
    {
        foreach (Worker worker in _workers)
        {
            worker.Dispose();
        }
    }

    private sealed class Worker : IDisposable
    {
        private readonly int _part;
        private readonly int _partCount;
        private readonly Thread _thread;
        private readonly SemaphoreSlim _wake = new(0);
        private volatile IParallelWork? _work;
        private volatile bool _stopping;
        private int _asleep;

        public Worker(int part, int partCount)
        {
            (_part, _partCount) = (part, partCount);
            _thread = new Thread(Loop) { IsBackground = true, Name = $"Network training {part}" };
            _thread.Start();
        }

        public void Start(IParallelWork work)
        {
            _work = work;
            WakeIfAsleep();
        }

        public void WaitUntilDone()
        {
            var spin = new SpinWait();
            while (_work is not null)
            {
                spin.SpinOnce(sleep1Threshold: -1);
            }
        }

        public void Dispose()
        {
            _stopping = true;
            WakeIfAsleep();
            _thread.Join();
            _wake.Dispose();
        }

        private void Loop()
        {
            while (!_stopping)
            {
                if (_work is { } work)
                {
                    work.Run(_part, _partCount);
                    _work = null;
                }

                for (int spin = 0; spin < SpinsBeforeSleep && _work is null && !_stopping; spin++)
                {
                    Thread.SpinWait(4);
                }

                Sleep();
            }
        }

        // Between saying that it sleeps and sleeping, the worker looks once more: a start in between either is seen here or sees the flag.
        private void Sleep()
        {
            if (_work is not null || _stopping)
            {
                return;
            }

            Interlocked.Exchange(ref _asleep, 1);
            if ((_work is not null || _stopping) && Interlocked.Exchange(ref _asleep, 0) == 1)
            {
                return;
            }

            _wake.Wait();
        }

        private void WakeIfAsleep()
        {
            Interlocked.MemoryBarrier();
            if (Interlocked.Exchange(ref _asleep, 0) == 1)
            {
                _wake.Release();
            }
        }
    }
}
