using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Filters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using NanoNet.Kernels;
using Perfolizer.Horology;

namespace NanoNet.Benchmarks;

/// <summary>Each kernel case on each device present; ratios are against the SIMD engine.</summary>
public class KernelBenchmarks
{
    private static string s_filter = "";
    private IBackend? _backend;
    private Action? _work;

    /// <summary>The cases: Models A's and B's shapes at batch 32, and square products.</summary>
    public static IEnumerable<KernelCase> Cases => KernelCase.All.Where(one => one.Name.Contains(s_filter, StringComparison.OrdinalIgnoreCase));

    /// <summary>What is measured.</summary>
    [ParamsSource(nameof(Cases))]
    public KernelCase Case { get; set; } = KernelCase.All[0];

    /// <summary>Runs every case on every device present.</summary>
    public static int RunAll(string filter)
    {
        s_filter = filter;
        if (!Cases.Any())
        {
            Console.Error.WriteLine($"No case's name contains '{filter}'. There are: {string.Join(", ", KernelCase.All.Select(one => one.Name))}.");
            return 2;
        }

        // In process: the cases hold device memory, and nothing needs to be built anew.
        var job = Job.Default.WithToolchain(InProcessEmitToolchain.Instance).WithMinIterationTime(TimeInterval.FromMilliseconds(100))
            .WithWarmupCount(3).WithIterationCount(7);
        var config = DefaultConfig.Instance.AddJob(job).AddFilter(new SimpleFilter(IsPresent))
            .WithOptions(ConfigOptions.DisableOptimizationsValidator)
            .WithSummaryStyle(SummaryStyle.Default.WithMaxParameterColumnWidth(60));
        BenchmarkRunner.Run<KernelBenchmarks>(config);
        return 0;
    }

    /// <summary>The SIMD engine, the baseline.</summary>
    [Benchmark(Baseline = true)]
    public void Cpu() => Run();

    /// <summary>CUDA.</summary>
    [Benchmark]
    public void Cuda() => Run();

    /// <summary>OpenCL.</summary>
    [Benchmark]
    public void OpenCL() => Run();

    [GlobalSetup(Target = nameof(Cpu))]
    public void SetupCpu() => Setup(DeviceChoice.Cpu);

    [GlobalSetup(Target = nameof(Cuda))]
    public void SetupCuda() => Setup(DeviceChoice.Cuda);

    [GlobalSetup(Target = nameof(OpenCL))]
    public void SetupOpenCL() => Setup(DeviceChoice.OpenCL);

    [GlobalCleanup]
    public void Cleanup() => _backend?.Dispose();

    private static bool IsPresent(BenchmarkCase benchmark)
    {
        var kind = Enum.Parse<DeviceKind>(benchmark.Descriptor.WorkloadMethod.Name);
        return DeviceCatalog.List().Any(device => device.Kind == kind && device.IsUsable);
    }

    private void Setup(DeviceChoice choice)
    {
        _backend = DeviceCatalog.Open(choice);
        _work = Case.Prepare(_backend);
    }

    private void Run()
    {
        _work!();
        _backend!.Synchronize();
    }
}
