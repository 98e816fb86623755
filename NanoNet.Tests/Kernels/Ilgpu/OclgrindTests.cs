using NanoNet.Kernels;
using NanoNet.Kernels.Ilgpu;
using NanoNet.Tests.Checking;
using Xunit;
using Floats = ILGPU.ArrayView<float>;
using Launcher = System.Action<ILGPU.Runtime.AcceleratorStream, ILGPU.KernelConfig, ILGPU.ArrayView<float>, ILGPU.ArrayView<float>>;

namespace NanoNet.Tests.Kernels.Ilgpu;

/// <summary>
/// That the silence of Oclgrind under <see cref="FreshMemoryTests"/> means something: it reports each kind of fault when one is
/// planted, and nothing of kernels that are right.
/// </summary>
public sealed class OclgrindTests
{
    private const int Count = 64;

    [Theory]
    [InlineData(nameof(PlantedKernels.Races), "data race")]
    [InlineData(nameof(PlantedKernels.WritesBehind), "Invalid write of size 4")]
    [InlineData(nameof(PlantedKernels.ReadsBefore), "Invalid read of size 4")]
    [InlineData(nameof(PlantedKernels.UsesUnwritten), "Uninitialized value")]
    public void A_planted_fault_is_reported(string kernel, string report) =>
        Assert.Contains(report, ReportOn(kernel, isWritten: true), StringComparison.Ordinal);

    [Fact]
    public void Memory_that_nothing_has_written_to_is_reported() =>
        Assert.Contains("Uninitialized value", ReportOn(nameof(PlantedKernels.Copies), isWritten: false), StringComparison.Ordinal);

    [Theory]
    [InlineData(nameof(PlantedKernels.Waits))]
    [InlineData(nameof(PlantedKernels.ReadsThenWaits))]
    [InlineData(nameof(PlantedKernels.Copies))]
    public void Nothing_is_reported_of_a_right_kernel(string kernel) => Assert.Empty(ReportOn(kernel, isWritten: true));

    private static string ReportOn(string kernel, bool isWritten)
    {
        bool isOclgrind = Engines.Present.Any(engine => engine.Name == "opencl" && FreshMemory.IsInterpreted(engine.Device.Info));
        Required.Tool(Required.Oclgrind, isOclgrind && OclgrindLog.IsKept, ".ci/check-gpu-kernels runs these tests on it.");
        using var fresh = new FreshMemory(DeviceChoice.OpenCL);
        var backend = fresh.Backend;
        var x = backend.Pool.Rent(Count * sizeof(float));
        var y = backend.Pool.Rent(Count * sizeof(float));
        if (isWritten)
        {
            backend.Upload<float>(x, [.. Enumerable.Range(1, Count).Select(value => (float)value)]);
        }

        long reported = OclgrindLog.Length;
        var method = typeof(PlantedKernels).GetMethod(kernel)!;
        Launcher? launcher = null;
        backend.Queue.Load(ref launcher, method.CreateDelegate<Action<Floats, Floats>>())(
            backend.Queue.Stream, new(1, Count), ((IlgpuBuffer)y).Floats, ((IlgpuBuffer)x).Floats);
        backend.Synchronize();
        return OclgrindLog.Since(reported);
    }
}
