using System.Runtime.CompilerServices;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;

namespace NanoNet.Kernels.Ilgpu;

/// <summary>The devices that ILGPU finds, by family, and how they are described.</summary>
internal static class IlgpuDevices
{
    /// <summary>NVIDIA GPUs, in the driver's order, which puts the fastest first.</summary>
    public static IReadOnlyList<(Device Device, DeviceInfo Info)> Cuda()
    {
        NativeLibraries.Register();
        var devices = CudaDevice.GetDevices(device => device.Architecture.HasValue && device.InstructionSet.HasValue);
        return [.. devices.OfType<CudaDevice>().Select(device => ((Device)device, Describe(device)))];
    }

    /// <summary>OpenCL devices that are GPUs, or those that are not, such as PoCL.</summary>
    /// <remarks>
    /// ILGPU asks for a generic address space, which OpenCL 1.2 devices, PoCL 3 and Oclgrind lack. NanoNet's kernels
    /// never use one: see <see cref="IlgpuBackend.CreateContext"/>.
    /// </remarks>
    public static IReadOnlyList<(Device Device, DeviceInfo Info)> OpenCL(bool gpu)
    {
        NativeLibraries.Register();
        CLDevice[] devices = [.. CLDevice.GetDevices(device => IsGpu(device) == gpu).OfType<CLDevice>()];
        foreach (var device in devices)
        {
            SetGenericAddressSpace(device.Capabilities, true);
        }

        return [.. devices.Select(device => ((Device)device, Describe(device)))];
    }

    /// <summary>ILGPU's CPU accelerator, with groups of up to 16 threads: each is a thread of the system.</summary>
    public static (Device Device, DeviceInfo Info) Cpu { get; } = (CPUDevice.Default, new DeviceInfo(
        DeviceKind.IlgpuCpu, "ILGPU's CPU accelerator", "runs the GPU kernels under the debugger; very slow"));

    /// <summary>An architecture in NVIDIA's words. ILGPU's would be SM_90.</summary>
    internal static string Capability(CudaArchitecture? architecture) =>
        $"compute capability {architecture?.Major}.{architecture?.Minor}";

    private static bool IsGpu(CLDevice device) => device.DeviceType.HasFlag(CLDeviceType.CL_DEVICE_TYPE_GPU);

    private static DeviceInfo Describe(CudaDevice device) => new(DeviceKind.Cuda, device.Name.Trim(),
        $"{Gigabytes(device)}, {device.NumMultiprocessors} multiprocessors, {Capability(device.Architecture)}");

    private static DeviceInfo Describe(CLDevice device) => new(DeviceKind.OpenCL, device.Name.Trim(),
        $"{device.PlatformName.Trim()}, {Gigabytes(device)}, {device.NumMultiprocessors} compute units");

    private static string Gigabytes(Device device) => $"{device.MemorySize / (double)(1 << 30):F1} GiB";

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "set_GenericAddressSpace")]
    private static extern void SetGenericAddressSpace(CLCapabilityContext capabilities, bool value);
}
