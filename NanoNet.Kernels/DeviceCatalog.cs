using System.Runtime.Intrinsics;
using ILGPU.Runtime;
using NanoNet.Kernels.Ilgpu;
using NanoNet.Kernels.Simd;

namespace NanoNet.Kernels;

/// <summary>
/// Finds devices, ranks them (CUDA, OpenCL GPU, this CPU), and explains why each one that is missing is missing.
/// </summary>
public static class DeviceCatalog
{
    private const string Cure = "Use --device cpu, which every machine has.";
    private const string PrecisionCure = "use --precision float32, which every device has.";

    /// <summary>
    /// Every device found, best first, and at the end a line for each family that has none. Each device is opened for a
    /// moment: what is listed as usable has computed something.
    /// </summary>
    public static IReadOnlyList<DeviceReport> List()
    {
        List<DeviceReport> reports = [];
        var cuda = IlgpuDevices.Cuda();
        var gpus = IlgpuDevices.OpenCL(gpu: true);
        var others = IlgpuDevices.OpenCL(gpu: false);
        reports.AddRange(cuda.Select(Try));
        reports.AddRange(gpus.Select(Try));
        reports.Add(new(DeviceKind.Cpu, "CPU", true,
            $"the managed SIMD engine, {Environment.ProcessorCount} threads, {VectorBits()}-bit vectors"));
        reports.AddRange(others.Select(Try));
        reports.Add(Try(IlgpuDevices.Cpu));
        if (cuda.Count == 0)
        {
            reports.Add(new(DeviceKind.Cuda, "CUDA", false, DriverDiagnosis.Cuda()));
        }

        if (gpus.Count + others.Count == 0)
        {
            reports.Add(new(DeviceKind.OpenCL, "OpenCL", false, DriverDiagnosis.OpenCL()));
        }

        return reports;
    }

    /// <summary>Opens a device. The caller owns the backend.</summary>
    /// <param name="choice">Which one.</param>
    /// <param name="threads">Worker threads of the SIMD engine; 0 for one a core.</param>
    /// <param name="exact">Whether convolutions do without Winograd's method; see <see cref="SimdBackend"/>.</param>
    /// <param name="precision">How the device multiplies.</param>
    /// <exception cref="DeviceUnavailableException">
    /// There is no such device, or it cannot be used, or not in this precision; the message says why.
    /// </exception>
    public static IBackend Open(
        DeviceChoice choice = DeviceChoice.Auto, int threads = 0, bool exact = false,
        Precision precision = Precision.Float32) =>
        precision == Precision.Float32 ? Open(choice, threads, exact) : OpenWithTensorCores(choice, precision);

    private static IBackend Open(DeviceChoice choice, int threads, bool exact) => choice switch
    {
        DeviceChoice.Auto =>
            (IBackend?)FirstThatOpens(IlgpuDevices.Cuda(), [], exact) ?? new SimdBackend(threads, exact),
        DeviceChoice.Cpu => new SimdBackend(threads, exact),
        DeviceChoice.Cuda => Open("CUDA", IlgpuDevices.Cuda(), DriverDiagnosis.Cuda, exact),
        DeviceChoice.OpenCL => Open(
            "OpenCL", [.. IlgpuDevices.OpenCL(gpu: true), .. IlgpuDevices.OpenCL(gpu: false)],
            DriverDiagnosis.OpenCL, exact),
        DeviceChoice.IlgpuCpu => Open("ILGPU CPU", [IlgpuDevices.Cpu], () => "", exact),
        _ => throw new ArgumentOutOfRangeException(nameof(choice), choice, "There is no such choice of device."),
    };

    private static IlgpuBackend Open(
        string family, IReadOnlyList<(Device, DeviceInfo)> devices, Func<string> whyNone, bool exact)
    {
        List<string> reasons = [];
        if (FirstThatOpens(devices, reasons, exact) is { } backend)
        {
            return backend;
        }

        string why = reasons.Count == 0 ? whyNone() : string.Join(" ", reasons);
        throw new DeviceUnavailableException($"There is no usable {family} device. {why} {Cure}");
    }

    private static IlgpuBackend OpenWithTensorCores(DeviceChoice choice, Precision precision)
    {
        string expected = $"Precision {precision.ToString().ToLowerInvariant()} takes an NVIDIA GPU of compute "
            + "capability 8.0 or above";
        if (choice is not (DeviceChoice.Auto or DeviceChoice.Cuda))
        {
            throw new DeviceUnavailableException($"{expected}, not device {choice}; {PrecisionCure}");
        }

        List<string> reasons = [];
        if (FirstThatOpens(IlgpuDevices.Cuda(), reasons, exact: false, precision) is { } backend)
        {
            return backend;
        }

        string why = reasons.Count == 0 ? DriverDiagnosis.Cuda() : string.Join(" ", reasons);
        throw new DeviceUnavailableException($"{expected}, and there is none ({why.TrimEnd('.')}); {PrecisionCure}");
    }

    private static IlgpuBackend? FirstThatOpens(
        IReadOnlyList<(Device, DeviceInfo)> devices, List<string> reasons, bool exact,
        Precision precision = Precision.Float32)
    {
        foreach (var (device, info) in devices)
        {
            try
            {
                return IlgpuBackend.Open(device, info, exact: exact, precision: precision);
            }
            catch (DeviceUnavailableException exception)
            {
                reasons.Add(exception.Message);
            }
        }

        return null;
    }

    private static DeviceReport Try((Device Device, DeviceInfo Info) candidate)
    {
        var (device, info) = candidate;
        try
        {
            IlgpuBackend.Open(device, info).Dispose();
            return new(info.Kind, info.Name, true, info.Description);
        }
        catch (DeviceUnavailableException exception)
        {
            return new(info.Kind, info.Name, false, exception.Message);
        }
    }

    private static int VectorBits() =>
        Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : 128;
}
