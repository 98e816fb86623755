using System.Diagnostics;
using System.Globalization;
using NanoNet.Kernels;

namespace NanoNet.Benchmarks;

/// <summary>
/// Every kernel of a training step on one device, against what it cannot do without: multiply-adds and bytes a second, and its
/// bytes at the speed of a plain copy. A line each, as soon as it is measured.
/// </summary>
public static class DeviceKernels
{
    private const int Rounds = 9;
    private const double SecondsPerRound = 0.01;
    private const int CopyBytes = 1 << 28;

    public static int Run(
        DeviceChoice choice, int batch, string filter, bool large, Precision precision, string[] plans, TextWriter output)
    {
        // What does not multiply is the same in every precision, and with every plan.
        bool multiplies = precision != Precision.Float32 || plans.Length > 0;
        var cases = (large ? KernelCase.LargeProducts : []).Concat(KernelCase.ForBatch(batch))
            .Where(one => one.Name.Contains(filter, StringComparison.OrdinalIgnoreCase))
            .Where(one => !multiplies || one.Cost.DirectFlops > 0).ToList();
        if (cases.Count == 0)
        {
            Console.Error.WriteLine($"No kernel's name contains '{filter}'.");
            return 2;
        }

        // Each case keeps its memory until the end: no other finds it.
        using var backend = DeviceCatalog.Open(choice, precision: precision);
        double copied = CopiedPerSecond(backend);
        output.WriteLine(Invariant($"device {backend.Device}"));
        output.WriteLine(Invariant($"copy in its memory: {copied / 1e9:F1} GB/s, read and written"));
        foreach (var (one, plan) in from one in cases from plan in plans.DefaultIfEmpty("") select (one, plan))
        {
            if (plan.Length > 0 && !ForcedPlan.TrySet(backend, plan))
            {
                Console.Error.WriteLine($"'{plan}' is no plan on {backend.Device} in {precision}: {ForcedPlan.Help}");
                return 2;
            }

            double seconds = Median(backend, one.Prepare(backend));
            double atCopySpeed = one.Cost.Bytes / copied;
            string suffix = plan.Length > 0 ? $", {plan}" : "";
            string name = backend.Device.Kind.ToString().ToLowerInvariant();
            output.WriteLine(Invariant(
                $"nanonet {name} {one.Name}{suffix}: {1e3 * seconds:F4} ms, {one.Cost.DirectFlops / seconds / 1e9:F1} GFLOP/s, ")
                + Invariant($"{one.Cost.Bytes / seconds / 1e9:F1} GB/s, {100 * atCopySpeed / seconds:F0} % of copying its bytes"));
        }

        return 0;
    }

    private static double CopiedPerSecond(IBackend backend)
    {
        var (from, to) = (backend.Pool.Rent(CopyBytes), backend.Pool.Rent(CopyBytes));
        backend.Fill(from, 1, CopyBytes / sizeof(float));
        return 2.0 * CopyBytes / Median(backend, () => backend.Copy(to, from, CopyBytes));
    }

    // Calls are queued one after the other, as in a training step, and waited for once a round.
    private static double Median(IBackend backend, Action work)
    {
        Seconds(backend, work, 2);
        int calls = (int)Math.Clamp(SecondsPerRound / Seconds(backend, work, 3), 1, 10_000);
        double[] rounds = [.. Enumerable.Range(0, Rounds).Select(_ => Seconds(backend, work, calls)).Order()];
        return rounds[Rounds / 2];
    }

    private static double Seconds(IBackend backend, Action work, int calls)
    {
        backend.Synchronize();
        var watch = Stopwatch.StartNew();
        for (int i = 0; i < calls; i++)
        {
            work();
        }

        backend.Synchronize();
        return watch.Elapsed.TotalSeconds / calls;
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
