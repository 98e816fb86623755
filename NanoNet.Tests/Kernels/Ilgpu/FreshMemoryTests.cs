using NanoNet.Kernels;
using NanoNet.Kernels.Ilgpu;
using NanoNet.Tests.Checking;
using NanoNet.Tests.Kernels.Cases;
using Xunit;

namespace NanoNet.Tests.Kernels.Ilgpu;

/// <summary>
/// Every kernel on memory that nothing has written to and that ends with the last byte of the data, against the reference. On
/// Oclgrind (.ci/check-gpu-kernels) each race, stray access and use of an unwritten value is a failure of its case.
/// </summary>
public sealed class FreshMemoryTests(FreshMemoryTests.Devices devices) : IClassFixture<FreshMemoryTests.Devices>
{
    // Multiply-adds of a case that Oclgrind interprets in a few seconds.
    private const long MaxCostInterpreted = 20_000;

    private static readonly Dictionary<string, KernelCase> s_cases =
        new[]
        {
            KernelCases.All, IlgpuCases.All, KernelCases.ProductsWithEveryTile, KernelCases.TensorProducts,
            KernelCases.FusedCalls, KernelCases.Winograd,
        }.SelectMany(rows => rows).ToDictionary(row => row.Name);

    // Devices that compile, but have no tensor cores, take long to compile what stands for these kernels.
    private static readonly Dictionary<string, KernelCase> s_casesInterpreted =
        s_cases.Values.Concat(KernelCases.LargeTensorProducts).ToDictionary(row => row.Name);

    private static readonly Dictionary<string, KernelCase> s_casesWithTensorCores =
        s_casesInterpreted.Values.Concat(KernelCases.MoreTensorProducts).DistinctBy(row => row.Name).ToDictionary(row => row.Name);

    public static IEnumerable<TheoryDataRow<string, string>> Rows =>
        (from engine in Present
         from row in CasesFor(engine)
         select new TheoryDataRow<string, string>(row.Name, engine.Name) { Label = $"{row.Name} on {engine.Name}" })
        .DefaultIfEmpty(new("none", "none") { Skip = Engines.NoGpu });

    public static IEnumerable<TheoryDataRow<string, string>> Kernels =>
        (from engine in Present
         from kernel in AllKernels.ByName
         where HasTensorCores(engine) || !AllKernels.NeedsTensorCores(kernel.Value)
         select new TheoryDataRow<string, string>(kernel.Key, engine.Name) { Label = $"{kernel.Key} on {engine.Name}" })
        .DefaultIfEmpty(new("none", "none") { Skip = Engines.NoGpu });

    private static IEnumerable<Engine> Present => Engines.Present.Where(engine => engine.Name is "opencl" or "cuda");

    [Theory]
    [EngineTest]
    [MemberData(nameof(Rows), DisableDiscoveryEnumeration = true)]
    public void Agrees_with_the_reference(string row, string engine) => devices.Get(engine).Run(s_casesWithTensorCores[row]);

    [Theory]
    [EngineTest]
    [MemberData(nameof(Kernels), DisableDiscoveryEnumeration = true)]
    public void Every_kernel_runs_at_two_shapes_or_more(string kernel, string engine)
    {
        var device = devices.RunAll(engine);
        Assert.True(device.CasesOf(AllKernels.ByName[kernel]).Count >= 2,
            $"{kernel} was launched by these cases only: {string.Join(", ", device.CasesOf(AllKernels.ByName[kernel]))}.");
    }

    [Fact]
    public void Every_kernel_that_runs_is_in_the_list()
    {
        foreach (var engine in Present)
        {
            Assert.DoesNotContain(
                devices.RunAll(engine.Name).Launched.Except(AllKernels.ByName.Values),
                kernel => !kernel.GetGenericArguments().Contains(typeof(EmulatedTensorCore)));
        }
    }

    private static bool HasTensorCores(Engine engine) => ((IlgpuBackend)engine.Backend).HasTensorCores;

    private static IEnumerable<KernelCase> CasesFor(Engine engine) => FreshMemory.IsInterpreted(engine.Device.Info)
        ? s_casesInterpreted.Values.Where(row => row.Cost <= MaxCostInterpreted)
        : (HasTensorCores(engine) ? s_casesWithTensorCores : s_cases).Values;

    /// <summary>The devices, opened when first wanted.</summary>
    public sealed class Devices : IDisposable
    {
        private readonly Dictionary<string, FreshMemory> _open = [];

        public void Dispose()
        {
            foreach (var device in _open.Values)
            {
                device.Dispose();
            }
        }

        internal FreshMemory Get(string engine)
        {
            if (!_open.TryGetValue(engine, out var device))
            {
                var choice = engine == "cuda" ? DeviceChoice.Cuda : DeviceChoice.OpenCL;
                _open.Add(engine, device = new FreshMemory(choice));
            }

            return device;
        }

        // A case that fails says so under its own name.
        internal FreshMemory RunAll(string engine)
        {
            var device = Get(engine);
            foreach (var row in CasesFor(Engines.Get(engine)))
            {
                _ = Record.Exception(() => device.Run(row));
            }

            return device;
        }
    }
}
