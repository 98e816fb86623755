using ILGPU.Runtime.Cuda;
using NanoNet.Kernels;
using NanoNet.Kernels.Ilgpu;
using Xunit;

namespace NanoNet.Tests.Kernels;

/// <summary>The list of devices, their ranking, and what is said of those that are missing.</summary>
public sealed class DeviceCatalogTests
{
    [Fact]
    public void Lists_what_every_machine_has_as_usable()
    {
        var usable = DeviceCatalog.List().Where(report => report.IsUsable).Select(report => report.Kind).ToList();
        Assert.Contains(DeviceKind.Cpu, usable);
        Assert.Contains(DeviceKind.IlgpuCpu, usable);
    }

    [Fact]
    public void Speaks_of_every_family_and_gives_a_reason_for_each_device()
    {
        var reports = DeviceCatalog.List();
        Assert.Equal(Enum.GetValues<DeviceKind>().Order(), reports.Select(report => report.Kind).Distinct().Order());
        Assert.All(reports, report => Assert.NotEmpty(report.Explanation));
    }

    [Fact]
    public void Puts_the_slowest_engine_last_of_those_that_work() =>
        Assert.Equal(DeviceKind.IlgpuCpu, DeviceCatalog.List().Last(report => report.IsUsable).Kind);

    [Fact]
    public void Takes_CUDA_where_it_works_and_else_this_CPU()
    {
        using var backend = DeviceCatalog.Open();
        bool cuda = DeviceCatalog.List().Any(report => report is { Kind: DeviceKind.Cuda, IsUsable: true });
        Assert.Equal(cuda ? DeviceKind.Cuda : DeviceKind.Cpu, backend.Device.Kind);
    }

    [Fact]
    public void Names_an_architecture_as_NVIDIA_does() =>
        Assert.Equal("compute capability 9.0", IlgpuDevices.Capability(new CudaArchitecture(9, 0)));

    [Theory]
    [InlineData(DeviceChoice.Cpu)]
    [InlineData(DeviceChoice.OpenCL)]
    [InlineData(DeviceChoice.IlgpuCpu)]
    public void Refuses_TF32_where_there_are_no_tensor_cores(DeviceChoice choice)
    {
        var exception = Assert.Throws<DeviceUnavailableException>(() => DeviceCatalog.Open(choice, precision: Precision.Tf32));
        Assert.Equal(
            $"Precision tf32 takes an NVIDIA GPU of compute capability 8.0 or above, not device {choice}; "
            + "use --precision float32, which every device has.", exception.Message);
    }

    [Theory]
    [InlineData(DeviceChoice.Auto)]
    [InlineData(DeviceChoice.Cuda)]
    public void Opens_in_TF32_or_says_what_is_missing(DeviceChoice choice)
    {
        var opened = Record.Exception(() => DeviceCatalog.Open(choice, precision: Precision.Tf32x3).Dispose());
        if (opened is not null)
        {
            Assert.IsType<DeviceUnavailableException>(opened);
            Assert.StartsWith("Precision tf32x3 takes an NVIDIA GPU of compute capability 8.0", opened.Message, StringComparison.Ordinal);
            Assert.EndsWith("; use --precision float32, which every device has.", opened.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(DeviceChoice.Cuda, DeviceKind.Cuda)]
    [InlineData(DeviceChoice.OpenCL, DeviceKind.OpenCL)]
    public void Opens_what_is_listed_and_explains_what_is_not(DeviceChoice choice, DeviceKind kind)
    {
        if (DeviceCatalog.List().Any(report => report.Kind == kind && report.IsUsable))
        {
            using var backend = DeviceCatalog.Open(choice);
            Assert.Equal(kind, backend.Device.Kind);
        }
        else
        {
            var exception = Assert.Throws<DeviceUnavailableException>(() => DeviceCatalog.Open(choice));
            Assert.Contains("--device cpu", exception.Message, StringComparison.Ordinal);
        }
    }
}
