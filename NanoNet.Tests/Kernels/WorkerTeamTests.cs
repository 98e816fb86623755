using NanoNet.Kernels.Simd;
using Xunit;

namespace NanoNet.Tests.Kernels;

/// <summary>The worker team: every piece once, nothing left over from one job to the next, no garbage, sleep and wake.</summary>
public sealed unsafe class WorkerTeamTests
{
    private const int Most = 300;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(7)]
    public void Every_piece_runs_exactly_once(int threads)
    {
        using var team = new WorkerTeam(threads);
        int* hits = stackalloc int[Most];
        for (int job = 0; job < 20_000; job++)
        {
            int count = job % 17 == 0 ? Most : job % 9;
            new Span<int>(hits, Most).Clear();
            team.Run(count, new CountJob { Hits = hits, Stamp = job + 1 });
            for (int i = 0; i < Most; i++)
            {
                int expected = i < count ? job + 1 : 0;
                if (hits[i] != expected)
                {
                    Assert.Fail($"{threads} threads, job {job} of {count} pieces: piece {i} left {hits[i]}, expected {expected}");
                }
            }
        }
    }

    [Fact]
    public void No_two_pieces_run_at_once_as_the_same_worker()
    {
        using var team = new WorkerTeam(4);
        int* busy = stackalloc int[5];
        new Span<int>(busy, 5).Clear();
        for (int job = 0; job < 2_000; job++)
        {
            team.RunByWorker(16, new WorkerJob { Busy = busy, Workers = team.Threads, Clashes = busy + 4 });
        }

        Assert.Equal(0, busy[4]);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    public void A_thread_takes_its_own_share_first(int threads)
    {
        using var team = new WorkerTeam(threads);
        int* workers = stackalloc int[threads + 1];
        for (int job = 0; job < 200; job++)
        {
            // Nobody is done before all have begun, so nobody has taken what is another's.
            workers[threads] = 0;
            team.RunByWorker(threads, new MeetingJob { Workers = workers, Arrived = workers + threads, Threads = threads });
            Assert.Equal(Enumerable.Range(0, threads), new Span<int>(workers, threads).ToArray());
        }
    }

    [Fact]
    public void Threads_that_are_done_take_from_who_is_held_up()
    {
        using var team = new WorkerTeam(3);
        int* hits = stackalloc int[Most + 1];
        new Span<int>(hits, Most + 1).Clear();
        team.Run(Most, new HeldUpJob { Hits = hits, Done = hits + Most });
        Assert.All(new Span<int>(hits, Most).ToArray(), hit => Assert.Equal(1, hit));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void An_exception_reaches_the_caller_and_the_team_lives_on(int threads)
    {
        using var team = new WorkerTeam(threads);
        int* hits = stackalloc int[Most];
        for (int job = 0; job < 50; job++)
        {
            Assert.Throws<ArithmeticException>(() => team.Run(20, default(FailingJob)));
            new Span<int>(hits, Most).Clear();
            team.Run(Most, new CountJob { Hits = hits, Stamp = 1 });
            Assert.Equal(Most, new Span<int>(hits, Most).ToArray().Sum());
        }
    }

    [Fact]
    public void Idle_workers_sleep_and_wake_again()
    {
        using var team = new WorkerTeam(3);
        int* hits = stackalloc int[Most];
        for (int job = 0; job < 5; job++)
        {
            Assert.True(SpinWait.SpinUntil(() => team.Sleeping == 2, TimeSpan.FromSeconds(10)), "idle workers did not go to sleep");
            new Span<int>(hits, Most).Clear();
            team.Run(Most, new CountJob { Hits = hits, Stamp = 1 });
            Assert.Equal(Most, new Span<int>(hits, Most).ToArray().Sum());
        }
    }

    [Fact]
    public void A_job_leaves_no_garbage()
    {
        using var team = new WorkerTeam(2);
        int* hits = stackalloc int[Most];
        team.Run(Most, new CountJob { Hits = hits, Stamp = 1 });
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int job = 0; job < 1_000; job++)
        {
            team.Run(8, new CountJob { Hits = hits, Stamp = 1 });
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void One_thread_is_the_caller_alone()
    {
        using var team = new WorkerTeam(1);
        Assert.Equal(1, team.Threads);
        int* hits = stackalloc int[Most];
        team.Run(3, new ThreadJob { Hits = hits, Caller = Environment.CurrentManagedThreadId });
        Assert.Equal([1, 1, 1], new Span<int>(hits, 3).ToArray());
    }

    private struct CountJob : IParallelJob
    {
        public int* Hits;
        public int Stamp;

        public readonly void Run(int index) => Interlocked.Add(ref Hits[index], Stamp);
    }

    private struct MeetingJob : IWorkerJob
    {
        public int* Workers;
        public int* Arrived;
        public int Threads;

        public readonly void Run(int index, int worker)
        {
            Workers[index] = worker;
            Interlocked.Increment(ref *Arrived);
            while (Volatile.Read(ref *Arrived) < Threads)
            {
                Thread.Yield();
            }
        }
    }

    /// <summary>The first piece ends only when all others, some of its own share among them, are done.</summary>
    private struct HeldUpJob : IParallelJob
    {
        public int* Hits;
        public int* Done;

        public readonly void Run(int index)
        {
            while (index == 0 && Volatile.Read(ref *Done) < Most - 1)
            {
                Thread.Yield();
            }

            Interlocked.Increment(ref Hits[index]);
            Interlocked.Increment(ref *Done);
        }
    }

    private struct ThreadJob : IParallelJob
    {
        public int* Hits;
        public int Caller;

        public readonly void Run(int index) => Hits[index] = Environment.CurrentManagedThreadId == Caller ? 1 : 0;
    }

    private struct FailingJob : IParallelJob
    {
        public readonly void Run(int index)
        {
            if (index % 5 == 2)
            {
                throw new ArithmeticException("planned");
            }
        }
    }

    private struct WorkerJob : IWorkerJob
    {
        public int* Busy;
        public int* Clashes;
        public int Workers;

        public readonly void Run(int index, int worker)
        {
            if (worker >= Workers || Interlocked.Exchange(ref Busy[worker], 1) != 0)
            {
                Interlocked.Increment(ref *Clashes);
            }

            Thread.SpinWait(20);
            Volatile.Write(ref Busy[worker], 0);
        }
    }
}
