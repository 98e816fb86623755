using NanoNet.Kernels.Ilgpu;
using Xunit;

namespace NanoNet.Tests.Kernels.Ilgpu;

/// <summary>Each way in which a family of devices can be missing has its own explanation and cure.</summary>
public sealed class DriverDiagnosisTests
{
    private static readonly string[] s_names = ["libfirst", "libsecond"];

    [Theory]
    [InlineData(false, 0, 0, "was not found (tried libfirst, libsecond): install NVIDIA's driver")]
    [InlineData(true, 100, 0, "sees no GPU")]
    [InlineData(true, 0, 0, "CUDA_VISIBLE_DEVICES")]
    [InlineData(true, 803, 0, "restart the machine")]
    [InlineData(true, 999, 0, "cuInit gave error 999")]
    [InlineData(true, 0, 2, "update the driver")]
    public void A_missing_CUDA_device_is_explained(bool libraryFound, int status, int count, string expected)
    {
        string explanation = DriverDiagnosis.ExplainCuda(s_names, new(libraryFound, status, count));
        Assert.Contains(expected, explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_CUDA_cannot_be_nobody_is_told_to_install_it() =>
        Assert.Equal("CUDA does not exist on this operating system.", DriverDiagnosis.ExplainCuda([], default));

    [Theory]
    [InlineData(false, 0, 0, "was not found (tried libfirst, libsecond): install it")]
    [InlineData(true, -1001, 0, "no driver is registered")]
    [InlineData(true, 0, 0, "no driver is registered")]
    [InlineData(true, -6, 0, "clGetPlatformIDs gave error -6")]
    [InlineData(true, 0, 1, "none of them has a device")]
    public void A_missing_OpenCL_device_is_explained(bool libraryFound, int status, int count, string expected)
    {
        string explanation = DriverDiagnosis.ExplainOpenCL(s_names, new(libraryFound, status, count));
        Assert.Contains(expected, explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void Drivers_are_asked_without_a_crash()
    {
        Assert.NotEmpty(DriverDiagnosis.Cuda());
        Assert.NotEmpty(DriverDiagnosis.OpenCL());
    }
}
