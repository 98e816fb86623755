using NanoNet.Kernels;

namespace NanoNet.Assignment.CommandLine;

/// <summary>
/// What device families are called everywhere: on the command line, on the screen and in the results.
/// </summary>
internal static class DeviceNames
{
    /// <summary>"cuda: NVIDIA H200", or "cuda: NVIDIA H200 in tf32": what figures depend on.</summary>
    public static string Of(DeviceInfo device, Precision precision)
    {
        string words = precision == Precision.Float32 ? "" : $" in {precision.ToString().ToLowerInvariant()}";
        return $"{Of(device.Kind)}: {device.Name}{words}";
    }

    /// <summary>A family's name, as --device takes it.</summary>
    public static string Of(DeviceKind kind) => kind switch
    {
        DeviceKind.Cpu => "cpu",
        DeviceKind.Cuda => "cuda",
        DeviceKind.OpenCL => "opencl",
        DeviceKind.IlgpuCpu => "ilgpu-cpu",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "There is no such family of devices."),
    };
}
