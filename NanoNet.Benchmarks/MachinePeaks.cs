using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using NanoNet.Kernels.Simd;

namespace NanoNet.Benchmarks;

/// <summary>What this machine can do at most: multiply-adds out of registers, and bytes copied.</summary>
internal static unsafe class MachinePeaks
{
    private const int Chains = 12;

    /// <summary>Turns of a waiting loop, tens of microseconds, after which the other thread may be waiting for this core.</summary>
    private const int PoliteTurns = 10_000;

    /// <summary>FLOP a second of multiply-adds that never leave the registers, on so many threads at once.</summary>
    public static double MultiplyAdds(int threads)
    {
        const int rounds = 2_000_000;
        return threads * rounds * FlopsPerRound / Best(threads, _ => Spin(rounds));
    }

    /// <summary>The same on a team that does other work in turns with this, for about so long.</summary>
    public static double MultiplyAdds(WorkerTeam team, double seconds)
    {
        // The first time other teams' threads may still be looking for work.
        team.Run(team.Threads, default(SpinJob));
        long start = Stopwatch.GetTimestamp();
        double elapsed;
        int times = 0;
        do
        {
            team.Run(team.Threads, default(SpinJob));
            times++;
            elapsed = Stopwatch.GetElapsedTime(start).TotalSeconds;
        }
        while (elapsed < seconds);
        return (double)times * team.Threads * SpinJob.Rounds * FlopsPerRound / elapsed;
    }

    /// <summary>
    /// Seconds that a cache line takes from one thread to another and back, the median of several times. Some hundred nanoseconds more
    /// tell that the threads' cores do not share a last-level cache.
    /// </summary>
    public static double RoundTrip()
    {
        const int trips = 20_000;
        const int times = 11;
        var line = new long[64];
        ref long ball = ref line[32];
        var other = new Thread(() =>
        {
            for (long i = 0; i < times * trips; i++)
            {
                Pass(ref line[32], 2 * i + 1);
            }
        });
        other.Start();
        var seconds = new double[times];
        for (int time = 0; time < times; time++)
        {
            long start = Stopwatch.GetTimestamp();
            for (long i = time * trips; i < (time + 1) * trips; i++)
            {
                Pass(ref ball, 2 * i);
            }

            seconds[time] = Stopwatch.GetElapsedTime(start).TotalSeconds / trips;
        }

        other.Join();
        Array.Sort(seconds);
        return seconds[times / 2];
    }

    // Waits until the count is there, and counts on.
    private static void Pass(ref long ball, long at)
    {
        for (int turn = 1; Volatile.Read(ref ball) != at; turn++)
        {
            if (turn % PoliteTurns == 0)
            {
                Thread.Yield();
            }
        }

        Volatile.Write(ref ball, at + 1);
    }

    private static long FlopsPerRound => 2L * Chains * VectorWidths.Best switch
    {
        VectorWidth.Vector512 => 16,
        VectorWidth.Vector256 => 8,
        VectorWidth.Vector128 => 4,
        _ => 1,
    };

    /// <summary>Bytes a second, read and written, of a plain copy far larger than the caches.</summary>
    public static double Copy(int threads)
    {
        const nuint length = 64 << 20;
        byte* memory = (byte*)NativeMemory.AlignedAlloc(2 * length * (nuint)threads, 4096);
        NativeMemory.Fill(memory, 2 * length * (nuint)threads, 1);
        try
        {
            double seconds = Best(threads, thread =>
            {
                byte* source = memory + 2 * length * (nuint)thread;
                NativeMemory.Copy(source, source + length, length);
            });
            return 2.0 * length * threads / seconds;
        }
        finally
        {
            NativeMemory.AlignedFree(memory);
        }
    }

    // The quickest of several: whatever disturbs only adds.
    private static double Best(int threads, Action<int> work)
    {
        using var barrier = new Barrier(threads);
        var seconds = new double[threads];
        var team = Enumerable.Range(0, threads).Select(thread => new Thread(() =>
        {
            work(thread);
            double best = double.MaxValue;
            for (int i = 0; i < 10; i++)
            {
                barrier.SignalAndWait();
                long start = Stopwatch.GetTimestamp();
                work(thread);
                barrier.SignalAndWait();
                best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
            }

            seconds[thread] = best;
        })).ToList();
        team.ForEach(thread => thread.Start());
        team.ForEach(thread => thread.Join());
        return seconds.Max();
    }

    private static void Spin(int rounds)
    {
        switch (VectorWidths.Best)
        {
            case VectorWidth.Vector512:
                Spin<Lanes512, Vector512<float>>(rounds);
                break;
            case VectorWidth.Vector256:
                Spin<Lanes256, Vector256<float>>(rounds);
                break;
            case VectorWidth.Vector128:
                Spin<Lanes128, Vector128<float>>(rounds);
                break;
            default:
                Spin<LanesScalar, float>(rounds);
                break;
        }
    }

    private readonly struct SpinJob : IParallelJob
    {
        public const int Rounds = 1_000_000;

        public void Run(int index) => Spin(Rounds);
    }

    // As many independent chains as two multipliers of four or five cycles' latency need.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Spin<TLanes, TVector>(int rounds)
        where TLanes : struct, ILanes<TVector>
        where TVector : unmanaged
    {
        var a = TLanes.Broadcast(0.999f);
        var b = TLanes.Broadcast(0.001f);
        TVector c0 = a, c1 = a, c2 = a, c3 = a, c4 = a, c5 = a, c6 = a, c7 = a, c8 = a, c9 = a, cA = a, cB = a;
        for (int i = 0; i < rounds; i++)
        {
            c0 = TLanes.MultiplyAdd(c0, a, b);
            c1 = TLanes.MultiplyAdd(c1, a, b);
            c2 = TLanes.MultiplyAdd(c2, a, b);
            c3 = TLanes.MultiplyAdd(c3, a, b);
            c4 = TLanes.MultiplyAdd(c4, a, b);
            c5 = TLanes.MultiplyAdd(c5, a, b);
            c6 = TLanes.MultiplyAdd(c6, a, b);
            c7 = TLanes.MultiplyAdd(c7, a, b);
            c8 = TLanes.MultiplyAdd(c8, a, b);
            c9 = TLanes.MultiplyAdd(c9, a, b);
            cA = TLanes.MultiplyAdd(cA, a, b);
            cB = TLanes.MultiplyAdd(cB, a, b);
        }

        // Stored, so that the loop is not taken for dead.
        float* sink = stackalloc float[16];
        TLanes.Store(
            TLanes.Add(
                TLanes.Add(TLanes.Add(c0, c1), TLanes.Add(c2, c3)),
                TLanes.Add(TLanes.Add(TLanes.Add(c4, c5), TLanes.Add(c6, c7)), TLanes.Add(TLanes.Add(c8, c9), TLanes.Add(cA, cB)))),
            sink);
        s_sink = *sink;
    }

    private static float s_sink;
}
