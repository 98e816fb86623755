using NanoNet.Core.Tensors;
using NanoNet.Kernels;
using NanoNet.Kernels.Simd;

namespace NanoNet.Tests.Checking;

/// <summary>
/// The engines present in this process. Theories have rows for these only; <see cref="EnginePresenceTests"/> says which are
/// missing, and why. The environment variable NANONET_ENGINES names those to prove, separated by commas, where it is not all.
/// </summary>
internal static class Engines
{
    /// <summary>The managed engine with one, two and four threads; the others by their kind.</summary>
    public static readonly string[] Managed = ["simd-1", "simd-2", "simd-4"];

    /// <summary>The engines that may be missing.</summary>
    public static readonly string[] Ilgpu = ["ilgpu-cpu", "opencl", "cuda"];

    /// <summary>The managed engine without Winograd's method.</summary>
    public const string Exact = "simd-exact";

    /// <summary>Why a theory about GPU engines has no rows: without any, xunit would take it for a mistake.</summary>
    public const string NoGpu = "There is neither an OpenCL device nor a CUDA GPU.";

    private const long Any = long.MaxValue;
    private static readonly string[] s_wanted = Required.ListIn("NANONET_ENGINES");
    private static readonly Dictionary<string, string> s_reasons = [];
    private static readonly Dictionary<string, Engine> s_engines = OpenAll();

    /// <summary>The engines that this run is to prove, by name; none named are all.</summary>
    public static IReadOnlyList<string> Wanted => s_wanted;

    /// <summary>All engines present: the managed ones, which others are held to, and those that are wanted.</summary>
    public static IReadOnlyCollection<Engine> Present => s_engines.Values;

    /// <summary>One of each kind to prove: the managed engine with two threads, and every other.</summary>
    public static IEnumerable<Engine> OneOfEach =>
        Present.Where(engine => engine.Name is not ("simd-1" or "simd-4" or Exact) && IsWanted(engine.Name));

    /// <summary>Those of <see cref="OneOfEach"/> that are fast enough to train.</summary>
    public static IEnumerable<Engine> ForTraining =>
        OneOfEach.Where(engine => engine.MaxCost == Any)
            .Concat(Present.Where(engine => engine.Name == Exact && IsWanted(Exact)));

    /// <summary>The managed engine with two threads.</summary>
    public static Engine Simd => Get("simd-2");

    public static Engine Get(string name) => s_engines[name];

    /// <summary>Why an engine is missing, or null when it is there.</summary>
    public static string? ReasonMissing(string name) => s_reasons.GetValueOrDefault(name);

    /// <summary>Closes all; called once, at the end of the run.</summary>
    public static void Close()
    {
        foreach (var engine in s_engines.Values)
        {
            engine.Device.Dispose();
        }
    }

    private static bool IsWanted(string name) => s_wanted.Length == 0 || s_wanted.Contains(name);

    private static Dictionary<string, Engine> OpenAll()
    {
        var engines = new Dictionary<string, Engine>();
        Open(engines, "simd-1", DeviceChoice.Cpu, Any, threads: 1);
        Open(engines, "simd-2", DeviceChoice.Cpu, Any, threads: 2);
        Open(engines, "simd-4", DeviceChoice.Cpu, Any, threads: 4);
        engines.Add(Exact, new Engine(Exact, new Device(new SimdBackend(threads: 2, exact: true)), Any));
        Open(engines, "ilgpu-cpu", DeviceChoice.IlgpuCpu, maxCost: 2_000);
        Open(engines, "opencl", DeviceChoice.OpenCL, Any);
        Open(engines, "cuda", DeviceChoice.Cuda, Any);
        return engines;
    }

    private static void Open(Dictionary<string, Engine> engines, string name, DeviceChoice choice, long maxCost, int threads = 0)
    {
        if (choice != DeviceChoice.Cpu && !IsWanted(name))
        {
            s_reasons.Add(name, "NANONET_ENGINES does not name it.");
            return;
        }

        try
        {
            engines.Add(name, new Engine(name, Device.Open(choice, threads), maxCost));
        }
        catch (DeviceUnavailableException exception)
        {
            s_reasons.Add(name, exception.Message);
        }
#pragma warning disable CA1031 // A broken driver must fail the test that looks for it, not the discovery of all tests.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            s_reasons.Add(name, $"opening it failed, and not as it should: {exception}");
        }
    }
}
