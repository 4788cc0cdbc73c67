namespace MLNet.BatchNorm;

/// <summary>
/// A job in parts that do not depend on one another, done by the calling thread and by what threads of the pool are free. Nothing is
/// allocated per run, and the caller never waits for a thread that has not begun: it takes the parts that nobody has taken.
/// </summary>
internal abstract class PartedJob : IThreadPoolWorkItem
{
    // The number of the run, its number of parts, and the next part, in one word: a thread that comes late must not take a part of a
    // run that it does not know.
    private long _state;
    private int _left;
    private int _run;

    // How often the job waits in the pool's queue. Where the pool is busy it waits long, and a later run finds it there: without this count
    // a loop of runs that the caller does alone would fill the queue.
    private int _waiting;

    /// <summary>Does all parts; they are done when it returns.</summary>
    /// <param name="partCount">Number of parts, 1 to 65535.</param>
    /// <param name="threadCount">The most threads at once, the calling one included.</param>
    protected void Run(int partCount, int threadCount)
    {
        Volatile.Write(ref _left, partCount);
        // The parts are offered before the count is read, and a thread of the pool changes the count before it looks for parts: one that is
        // counted as waiting will see them.
        Interlocked.Exchange(ref _state, ((long)++_run << 32) | ((long)partCount << 16));
        int missing = Math.Min(threadCount, partCount) - 1 - Volatile.Read(ref _waiting);
        for (int i = 0; i < missing; i++)
        {
            Interlocked.Increment(ref _waiting);
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }

        DoParts();
        // What is left is under way on other threads.
        var spin = default(SpinWait);
        while (Volatile.Read(ref _left) > 0)
        {
            spin.SpinOnce(sleep1Threshold: -1);
        }
    }

    /// <summary>Does one part. Must not throw: other threads' exceptions would end the process.</summary>
    protected abstract void DoPart(int part, int partCount);

    void IThreadPoolWorkItem.Execute()
    {
        Interlocked.Decrement(ref _waiting);
        DoParts();
    }

    private void DoParts()
    {
        while (true)
        {
            long state = Volatile.Read(ref _state);
            int partCount = (int)(state >> 16) & 0xFFFF;
            int part = (int)(state & 0xFFFF);
            if (part >= partCount)
            {
                return;
            }

            if (Interlocked.CompareExchange(ref _state, state + 1, state) == state)
            {
                DoPart(part, partCount);
                Interlocked.Decrement(ref _left);
            }
        }
    }
}
