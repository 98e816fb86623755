using ILGPU.Backends.OpenCL;
using ILGPU.Runtime;
using ILGPU.Runtime.OpenCL;
using NanoNet.Kernels;
using NanoNet.Kernels.Ilgpu;
using NanoNet.Tests.Checking;
using Xunit;
using Launcher = System.Action<
    ILGPU.Runtime.AcceleratorStream, ILGPU.KernelConfig, ILGPU.ArrayView<float>, ILGPU.ArrayView<float>>;

namespace NanoNet.Tests.Kernels.Ilgpu;

/// <summary>
/// The life of an engine on ILGPU: opening, memory, kernels, closing. What its kernels compute is in KernelTests.
/// </summary>
public sealed class IlgpuBackendTests
{
    public static TheoryData<DeviceChoice> Choices => [.. Engines.OneOfEach
        .Select(engine => engine.Device.Info.Kind)
        .Where(kind => kind != DeviceKind.Cpu)
        .Select(kind => Enum.Parse<DeviceChoice>(kind.ToString()))];

    [Theory]
    [EngineTest]
    [MemberData(nameof(Choices))]
    public void Can_be_opened_and_closed_again_and_again(DeviceChoice choice)
    {
        for (int i = 0; i < 3; i++)
        {
            using var backend = DeviceCatalog.Open(choice);
            var buffer = backend.Pool.Rent(4096);
            backend.Fill(buffer, i, 1024);
            backend.Pool.Return(buffer);
        }
    }

    [Theory]
    [EngineTest]
    [MemberData(nameof(Choices))]
    public void A_slice_shares_its_parents_memory(DeviceChoice choice)
    {
        using var backend = DeviceCatalog.Open(choice);
        var buffer = backend.Pool.Rent(1024);
        backend.Fill(buffer, 1, 256);
        backend.Fill(buffer.Slice(256, 256), 2, 64);
        var values = new float[256];
        backend.Download<float>(values, buffer);
        Assert.Equal(Enumerable.Range(0, 256).Select(i => i is >= 64 and < 128 ? 2f : 1f), values);
    }

    [Theory]
    [EngineTest]
    [MemberData(nameof(Choices))]
    public void A_second_call_allocates_no_device_memory(DeviceChoice choice)
    {
        using var backend = DeviceCatalog.Open(choice);
        var x = backend.Pool.Rent(40_000);
        var sum = backend.Pool.Rent(4);
        backend.Fill(x, 1, 10_000);
        backend.ReduceSum(sum, x, new(1, 10_000, 1), 1);
        long before = backend.Pool.Allocations;
        backend.ReduceSum(sum, x, new(1, 10_000, 1), 1);
        var total = new float[1];
        backend.Download<float>(total, sum);
        Assert.Equal(10_000, total[0]);
        Assert.Equal(before, backend.Pool.Allocations);
    }

    [Theory]
    [EngineTest]
    [MemberData(nameof(Choices))]
    public void A_kernel_that_the_driver_refuses_is_named_with_the_drivers_words(DeviceChoice choice)
    {
        Assert.SkipWhen(choice == DeviceChoice.IlgpuCpu, "ILGPU's CPU accelerator has no driver.");
        using var context = IlgpuBackend.CreateContext();
        using var accelerator = DeviceOf(choice).CreateAccelerator(context);
        var loader = new KernelLoader(accelerator);
        var exception = Assert.Throws<DeviceUnavailableException>(() => _ = accelerator is CLAccelerator
            ? loader.Load<Launcher>(NoOpenCL(accelerator), nameof(PlantedKernels.Copies))
            : loader.Load<Launcher>(PlantedKernels.IsNoPtx));
        string kernel = choice == DeviceChoice.OpenCL ? nameof(PlantedKernels.Copies) : nameof(PlantedKernels.IsNoPtx);
        Assert.Contains($"refused the kernel '{kernel}': ", exception.Message, StringComparison.Ordinal);
        Assert.Contains("planted", exception.Message, StringComparison.Ordinal);
    }

    private static Device DeviceOf(DeviceChoice choice) => choice == DeviceChoice.Cuda
        ? IlgpuDevices.Cuda()[0].Device
        : IlgpuDevices.OpenCL(gpu: true).Concat(IlgpuDevices.OpenCL(gpu: false)).First().Device;

    // ILGPU lets nothing into OpenCL kernels that every compiler refuses, so it is added.
    private static CLCompiledKernel NoOpenCL(Accelerator accelerator)
    {
        var right = (CLCompiledKernel)accelerator.CompileKernel(KernelLoader.EntryPoint(((Delegate)PlantedKernels.Copies).Method));
        return KernelLoader.WithSource(accelerator.Context, right, right.Source + "\n#error planted\n");
    }
}
