namespace NanoNet.Kernels;

/// <summary>The families of devices that NanoNet computes on.</summary>
public enum DeviceKind
{
    /// <summary>This CPU through the managed SIMD engine.</summary>
    Cpu,

    /// <summary>An NVIDIA GPU through ILGPU's CUDA backend.</summary>
    Cuda,

    /// <summary>An OpenCL device: a GPU of any make, or a software device such as PoCL.</summary>
    OpenCL,

    /// <summary>ILGPU's CPU accelerator: slow, for debugging kernels and for tests.</summary>
    IlgpuCpu,
}
