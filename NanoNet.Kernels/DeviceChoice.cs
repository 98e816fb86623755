namespace NanoNet.Kernels;

/// <summary>What the user asks for with <c>--device</c>.</summary>
public enum DeviceChoice
{
    /// <summary>CUDA where there is one, else the SIMD engine.</summary>
    Auto,

    /// <summary>An NVIDIA GPU.</summary>
    Cuda,

    /// <summary>An OpenCL device: a GPU first, else any, such as PoCL.</summary>
    OpenCL,

    /// <summary>The managed SIMD engine.</summary>
    Cpu,

    /// <summary>ILGPU's CPU accelerator.</summary>
    IlgpuCpu,
}
