using NanoNet.Kernels;

namespace NanoNet.Tests.Checking;

/// <summary>A row of the table of kernels: one call of one method of the contract, at one geometry.</summary>
/// <param name="Name">Method and sizes.</param>
/// <param name="Cost">About how many multiply-adds it takes.</param>
/// <param name="Body">Makes buffers, calls the method, names what is expected.</param>
internal sealed record KernelCase(string Name, long Cost, Action<KernelRun> Body)
{
    /// <summary>Runs the case on an engine and returns the bytes of its outputs; fails on stray writes and changed inputs.</summary>
    public byte[] Run(Engine engine, bool compares)
    {
        using var run = new KernelRun($"{Name} on {engine}", engine.Backend, compares);
        Body(run);
        return run.Finish();
    }

    /// <summary>Runs the case on memory that nothing surrounds and nothing has written to; fails on wrong results and changed inputs.</summary>
    public void RunOnFreshMemory(IBackend backend)
    {
        using var run = new KernelRun($"{Name} on {backend.Device.Name}, fresh memory", backend, compares: true, guards: false);
        Body(run);
        run.Finish();
    }
}
