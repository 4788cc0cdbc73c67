namespace MLNet.BatchNorm.Tests.Threads;

public sealed class ThreadTeamTests
{
    [Fact]
    public void All_parts_are_done_once_time_and_again()
    {
        var team = new ThreadTeam(3);
        var work = new Counting(7);
        for (int i = 0; i < 400; i++)
        {
            // Now and then long enough for the threads to go home.
            if (i % 50 == 0)
            {
                Thread.Sleep(20);
            }

            team.Run(work, i < 300 ? 7 : 2, threadCount: 3);
        }

        work.Counts.Should().Equal(400, 400, 300, 300, 300, 300, 300);
    }

    [Fact]
    public void No_two_threads_have_the_same_number_at_the_same_time()
    {
        var team = new ThreadTeam(4);
        var work = new Numbering(4);
        for (int i = 0; i < 300; i++)
        {
            team.Run(work, 16, threadCount: 4);
        }

        work.Collisions.Should().Be(0);
        work.Done.Should().Be(300 * 16);
    }

    [Fact]
    public void One_thread_does_all_parts_under_the_number_zero()
    {
        var work = new Numbering(1);

        new ThreadTeam(1).Run(work, ThreadTeam.MostParts, threadCount: 8);

        work.Done.Should().Be(65_535);
    }

    [Fact]
    public void A_part_that_throws_keeps_no_other_from_being_done_and_the_caller_gets_the_exception()
    {
        var team = new ThreadTeam(2);
        var work = new Counting(6, failing: 3);

        team.Invoking(t => t.Run(work, 6, threadCount: 2)).Should().Throw<InvalidOperationException>().WithMessage("part 3");
        team.Run(work, 3, threadCount: 2);

        work.Counts.Should().Equal(2, 2, 2, 1, 1, 1);
    }

    [Fact]
    public void Nothing_is_allocated_per_run()
    {
        var team = new ThreadTeam(2);
        var work = new Counting(4);
        team.Run(work, 4, threadCount: 2);
        // Handing a job to the thread pool allocates when other tests have filled the pool's queue: now and then, not in each of ten trials.
        Enumerable.Range(0, 10).Min(_ =>
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 100; i++)
            {
                team.Run(work, 4, threadCount: 2);
            }

            return GC.GetAllocatedBytesForCurrentThread() - before;
        }).Should().Be(0);
    }

    [Fact]
    public void Memory_does_not_grow_with_the_threads_that_are_allowed() =>
        new ThreadTeam(int.MaxValue).ThreadCount.Should().Be(65_535);

    [Fact]
    public void Less_than_one_thread_and_too_many_parts_are_refused()
    {
        FluentActions.Invoking(() => new ThreadTeam(0)).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => new ThreadTeam(1).Run(new Counting(1), 65_536, threadCount: 1)).Should().Throw<ArgumentOutOfRangeException>();
    }

    private sealed class Counting(int parts, int failing = -1) : IPartedWork
    {
        public int[] Counts { get; } = new int[parts];

        public void DoPart(int thread, int part, int partCount)
        {
            Interlocked.Increment(ref Counts[part]);
            if (part == failing)
            {
                throw new InvalidOperationException($"part {part}");
            }
        }
    }

    private sealed class Numbering(int threads) : IPartedWork
    {
        private readonly int[] _busy = new int[threads];
        private int _collisions;
        private int _done;

        public int Collisions => _collisions;

        public int Done => _done;

        public void DoPart(int thread, int part, int partCount)
        {
            if (Interlocked.Exchange(ref _busy[thread], 1) == 1)
            {
                Interlocked.Increment(ref _collisions);
            }

            Thread.SpinWait(20);
            Interlocked.Exchange(ref _busy[thread], 0);
            Interlocked.Increment(ref _done);
        }
    }
}
