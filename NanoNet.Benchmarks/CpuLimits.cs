using System.Diagnostics;
using System.Globalization;
using NanoNet.Kernels.Memory;
using NanoNet.Kernels.Simd;
using Spectre.Console;

namespace NanoNet.Benchmarks;

/// <summary>
/// How near the SIMD engine's kernels come to what the machine can do: products are held against the multiply-adds that it does out
/// of registers, everything else against a plain copy of as many bytes.
/// </summary>
public static class CpuLimits
{
    private const double SecondsPerCase = 0.6;
    private const double SecondsPerRound = 0.001;
    private const double SecondsPerTurn = 0.02;
    private const int Turns = 31;

    public static int Run(int batch, int threads, string filter)
    {
        var cases = KernelCase.ForBatch(batch).Where(one => one.Name.Contains(filter, StringComparison.OrdinalIgnoreCase)).ToList();
        if (cases.Count == 0)
        {
            Console.Error.WriteLine($"No kernel's name contains '{filter}'.");
            return 2;
        }

        using (var engine = new SimdBackend(threads))
        {
            Console.WriteLine(engine.Device);
        }

        int team = threads > 0 ? threads : Environment.ProcessorCount;
        double peak = MachinePeaks.MultiplyAdds(team);
        Console.WriteLine(Invariant($"multiply-adds out of registers: {MachinePeaks.MultiplyAdds(1) / 1e9:F1} GFLOP/s on one thread, {peak / 1e9:F1} on {team}"));
        Console.WriteLine(Invariant($"copy in memory: {MachinePeaks.Copy(1) / 1e9:F1} GB/s read and written on one thread, {MachinePeaks.Copy(team) / 1e9:F1} on {team}"));
        if (Environment.ProcessorCount > 1)
        {
            Console.WriteLine(Invariant($"a cache line from one thread to another and back: {MachinePeaks.RoundTrip() * 1e9:F0} ns"));
        }

        var table = new Table().Border(TableBorder.Minimal).AddColumns("kernel", "µs", "GFLOP/s", "limit µs", "share of limit");
        foreach (int column in Enumerable.Range(1, 4))
        {
            table.Columns[column].RightAligned();
        }

        using var spinners = new WorkerTeam(threads);
        foreach (var one in cases)
        {
            using var backend = new SimdBackend(threads);
            var (seconds, limit) = one.Cost.Flops > 0
                ? BesidePeak(spinners, one.Prepare(backend), one.Cost.Flops)
                : (Quickest(one.Prepare(backend)), CopySeconds(backend, one.Cost.Bytes));
            table.AddRow(
                one.Name,
                Invariant($"{1e6 * seconds:F1}"),
                one.Cost.Flops > 0 ? Invariant($"{one.Cost.Flops / seconds / 1e9:F0}") : "",
                Invariant($"{1e6 * limit:F1}"),
                Invariant($"{100 * limit / seconds:F0} %"));
        }

        AnsiConsole.Profile.Width = Math.Max(AnsiConsole.Profile.Width, 120);
        AnsiConsole.Write(table);
        return 0;
    }

    // Half of the bytes are read, half are written.
    private static double CopySeconds(SimdBackend backend, double bytes)
    {
        long half = Math.Max(64, (long)(bytes / 2) / 4 * 4);
        DeviceBuffer source = backend.Pool.Rent(half), target = backend.Pool.Rent(half);
        backend.Fill(source, 1, (int)(half / 4));
        return Quickest(() => backend.Copy(target, source, half));
    }

    // In turns, for the clock of a warm machine moves by some per cent within a second; medians, for its neighbours disturb both.
    private static (double Seconds, double Limit) BesidePeak(WorkerTeam team, Action work, double flops)
    {
        int calls = (int)Math.Ceiling(SecondsPerTurn / Quickest(work));
        var seconds = new List<double>();
        var limits = new List<double>();
        for (int turn = 0; turn < Turns; turn++)
        {
            limits.Add(flops / MachinePeaks.MultiplyAdds(team, SecondsPerTurn));
            SpinWait.SpinUntil(() => team.Sleeping == team.Threads - 1, millisecondsTimeout: 10);
            work();
            long start = Stopwatch.GetTimestamp();
            for (int i = 0; i < calls; i++)
            {
                work();
            }

            seconds.Add(Stopwatch.GetElapsedTime(start).TotalSeconds / calls);
        }

        limits.Sort();
        seconds.Sort();
        return (seconds[Turns / 2], limits[Turns / 2]);
    }

    // The quickest of many short rounds, for the limits and the kernels alike: whatever else a shared machine does only adds.
    private static double Quickest(Action work)
    {
        var watch = Stopwatch.StartNew();
        int calls = 0;
        for (; calls < 3 || watch.Elapsed.TotalSeconds < SecondsPerCase / 3; calls++)
        {
            work();
        }

        int perRound = Math.Max(1, (int)(calls * SecondsPerRound / watch.Elapsed.TotalSeconds));
        double best = double.MaxValue;
        watch.Restart();
        for (int round = 0; round < 5 || watch.Elapsed.TotalSeconds < SecondsPerCase; round++)
        {
            long start = Stopwatch.GetTimestamp();
            for (int i = 0; i < perRound; i++)
            {
                work();
            }

            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds / perRound);
        }

        return best;
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
