using System.Diagnostics;
using System.Runtime.ExceptionServices;

namespace MLNet.BatchNorm;

/// <summary>
/// Deals parts of work of some microseconds out to the calling thread and to what threads of .NET's pool are free. Nothing is allocated per
/// run, and the caller never waits for a thread that has not begun: parts are taken one by one, and it takes those that nobody else takes.
/// </summary>
/// <remarks>
/// <para>
/// A thread that helps stays for a moment when there is nothing to do: the next run then costs no call to the pool and finds it within a
/// microsecond. Behind that it goes back to the pool, so that there is nothing to stop or to dispose of.
/// </para>
/// <para>
/// A part that throws does not keep the others from being done; then the first exception is thrown from <see cref="Run"/>, on whichever
/// thread it occurred. Used by one caller at a time.
/// </para>
/// </remarks>
internal sealed class ThreadTeam : IThreadPoolWorkItem
{
    /// <summary>The most parts of a piece of work.</summary>
    public const int MostParts = ushort.MaxValue;

    // Longer than what lies between two products of a training step, short enough not to burn a core: 100 microseconds.
    private static readonly long PatienceTicks = Stopwatch.Frequency / 10_000;

    // By number: whether a thread has it. The caller's is 0.
    private readonly bool[] _isTaken;
    private IPartedWork? _work;

    // In one number, so that a part is taken by one exchange: which run it is (32 bits), its parts (16), and those taken so far (16).
    private long _state;
    private int _doneParts;
    private ExceptionDispatchInfo? _failure;

    // Threads that help or wait in the pool's queue to do so. Where the pool is busy they wait long, and a later run finds them there: without
    // this count a loop of runs that the caller does alone would fill the queue.
    private int _helperCount;

    /// <param name="threadCount">The most threads at once, the calling one included.</param>
    public ThreadTeam(int threadCount)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threadCount, 1);
        _isTaken = new bool[Math.Min(threadCount, MostParts)];
    }

    /// <summary>The most threads at once, the calling one included.</summary>
    public int ThreadCount => _isTaken.Length;

    private bool HasParts => IsLeft(Volatile.Read(ref _state));

    /// <summary>Does all parts; they are done when it returns.</summary>
    /// <param name="work">What is to be done.</param>
    /// <param name="partCount">1 to <see cref="MostParts"/>.</param>
    /// <param name="threadCount">How many threads the work is worth, the calling one included.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are too many parts.</exception>
    public void Run(IPartedWork work, int partCount, int threadCount)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(partCount, MostParts);
        _work = work;
        _doneParts = 0;
        // The parts are offered before the count of helpers is read, and a helper that leaves changes the count before it looks for parts a
        // last time: one that is counted will see them.
        Interlocked.Exchange(ref _state, (((_state >> 32) + 1) << 32) | ((long)partCount << 16));
        int wanted = Math.Min(Math.Min(threadCount, ThreadCount), partCount) - 1;
        while (TryCountHelper(wanted))
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }

        DoParts(thread: 0);
        // What is left is under way on other threads.
        var spin = default(SpinWait);
        while (Volatile.Read(ref _doneParts) < partCount)
        {
            spin.SpinOnce(sleep1Threshold: -1);
        }

        Interlocked.Exchange(ref _failure, null)?.Throw();
    }

    void IThreadPoolWorkItem.Execute()
    {
        do
        {
            int number = TakeNumber();
            do
            {
                DoParts(number);
            }
            while (WaitForParts());

            Volatile.Write(ref _isTaken[number], false);
            Interlocked.Decrement(ref _helperCount);
        }
        while (HasParts && TryCountHelper(ThreadCount - 1));
    }

    private void DoParts(int thread)
    {
        long state = Volatile.Read(ref _state);
        while (IsLeft(state))
        {
            // Read before the part is taken: once it is, and until it is done, the work cannot be another one.
            IPartedWork work = _work!;
            long found = Interlocked.CompareExchange(ref _state, state + 1, state);
            if (found != state)
            {
                state = found;
                continue;
            }

            DoPart(work, thread, (int)(state & MostParts), PartCount(state));
            Interlocked.Increment(ref _doneParts);
            state = Volatile.Read(ref _state);
        }
    }

    private void DoPart(IPartedWork work, int thread, int part, int partCount)
    {
        try
        {
            work.DoPart(thread, part, partCount);
        }
        catch (Exception exception)
        {
            Interlocked.CompareExchange(ref _failure, ExceptionDispatchInfo.Capture(exception), null);
        }
    }

    /// <summary>Waits a moment for the next run; false if there was none.</summary>
    private bool WaitForParts()
    {
        long end = Stopwatch.GetTimestamp() + PatienceTicks;
        do
        {
            if (HasParts)
            {
                return true;
            }

            Thread.SpinWait(1);
        }
        while (Stopwatch.GetTimestamp() < end);

        return false;
    }

    private bool TryCountHelper(int most)
    {
        int count = Volatile.Read(ref _helperCount);
        while (count < most)
        {
            int found = Interlocked.CompareExchange(ref _helperCount, count + 1, count);
            if (found == count)
            {
                return true;
            }

            count = found;
        }

        return false;
    }

    /// <summary>A number that no other thread has: there are as many as helpers are counted.</summary>
    private int TakeNumber()
    {
        for (int number = 1; ; number = number == ThreadCount - 1 ? 1 : number + 1)
        {
            if (!Interlocked.Exchange(ref _isTaken[number], true))
            {
                return number;
            }
        }
    }

    private static bool IsLeft(long state) => (state & MostParts) < PartCount(state);

    private static int PartCount(long state) => (int)((state >> 16) & MostParts);
}
