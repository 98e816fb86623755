using System.Reflection;
using System.Runtime.ExceptionServices;
using NanoNet.Kernels;
using NanoNet.Kernels.Ilgpu;
using NanoNet.Tests.Checking;

namespace NanoNet.Tests.Kernels.Ilgpu;

/// <summary>
/// An engine whose buffers are all new and exactly as long as asked for. Runs each case once, and keeps how it ended and which
/// kernels it launched.
/// </summary>
/// <param name="choice">The device.</param>
internal sealed class FreshMemory(DeviceChoice choice) : IDisposable
{
    private readonly IlgpuBackend _backend = Open(choice);
    private readonly Dictionary<KernelCase, ExceptionDispatchInfo?> _results = [];
    private readonly Dictionary<MethodInfo, HashSet<string>> _launches = [];

    public IlgpuBackend Backend => _backend;

    /// <summary>Whether the device interprets kernels and reports what they do wrong.</summary>
    public bool IsOclgrind => IsInterpreted(_backend.Device);

    /// <summary>The cases that launched a kernel, of those run so far.</summary>
    public IReadOnlyCollection<string> CasesOf(MethodInfo kernel) => _launches.GetValueOrDefault(kernel) ?? [];

    /// <summary>Every kernel launched so far.</summary>
    public IEnumerable<MethodInfo> Launched => _launches.Keys;

    /// <summary>Whether a device is Oclgrind, which takes about a thousand times as long as PoCL.</summary>
    public static bool IsInterpreted(DeviceInfo device) => device.Description.Contains("Oclgrind", StringComparison.Ordinal);

    /// <summary>Runs a case, unless it has run before; throws if it failed.</summary>
    public void Run(KernelCase row)
    {
        if (!_results.TryGetValue(row, out var failure))
        {
            _results.Add(row, failure = Try(row));
        }

        failure?.Throw();
    }

    public void Dispose() => _backend.Dispose();

    private static IlgpuBackend Open(DeviceChoice choice)
    {
        var (device, info) = choice == DeviceChoice.Cuda
            ? IlgpuDevices.Cuda()[0]
            : IlgpuDevices.OpenCL(gpu: true).Concat(IlgpuDevices.OpenCL(gpu: false)).First();
        return IlgpuBackend.Open(device, info, reusesMemory: false);
    }

    private ExceptionDispatchInfo? Try(KernelCase row)
    {
        _backend.Queue.Launching = kernel => Note(kernel, row.Name);
        long reported = OclgrindLog.Length;
        try
        {
            row.RunOnFreshMemory(_backend);
            _backend.Synchronize();
            return OclgrindLog.Since(reported) is { Length: > 0 } report
                ? ExceptionDispatchInfo.Capture(new CheckFailedException($"{row.Name}: Oclgrind reports:\n{report}"))
                : null;
        }
#pragma warning disable CA1031 // Whatever ended the case is what its test tells, each time it is asked.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            return ExceptionDispatchInfo.Capture(exception);
        }
        finally
        {
            _backend.Queue.Launching = null;
            DropMemory();
        }
    }

    // Oclgrind gives a new buffer the address of one that was freed, and takes for written in the new what was written in the old.
    private void DropMemory()
    {
        if (!IsOclgrind)
        {
            _backend.Pool.DropCache();
        }
    }

    private void Note(MethodInfo kernel, string row)
    {
        if (!_launches.TryGetValue(kernel, out var rows))
        {
            _launches.Add(kernel, rows = []);
        }

        rows.Add(row);
    }
}
