using System.Runtime.InteropServices;

namespace NanoNet.Kernels.Ilgpu;

/// <summary>Says why a family of devices has none, and what would cure it.</summary>
internal static unsafe class DriverDiagnosis
{
    private const int CudaNoDevice = 100;
    private const int CudaDriverMismatch = 803;
    private const int OpenCLNoPlatform = -1001;

    /// <summary>What a driver's library answered.</summary>
    /// <param name="LibraryFound">Whether the library could be loaded.</param>
    /// <param name="Status">The error code of the first call; 0 is success.</param>
    /// <param name="Count">How many devices or platforms it reports.</param>
    internal readonly record struct Answer(bool LibraryFound, int Status, int Count);

    /// <summary>Why there is no CUDA device.</summary>
    public static string Cuda() => ExplainCuda(NativeLibraries.Cuda, AskCuda());

    /// <summary>Why there is no OpenCL device.</summary>
    public static string OpenCL() => ExplainOpenCL(NativeLibraries.OpenCL, AskOpenCL());

    internal static string ExplainCuda(IReadOnlyList<string> names, Answer answer)
    {
        if (names.Count == 0)
        {
            return "CUDA does not exist on this operating system.";
        }

        return answer switch
        {
            { LibraryFound: false } =>
                $"NVIDIA's driver library was not found (tried {string.Join(", ", names)}): install NVIDIA's driver, " +
                "or start the container with its GPUs (docker run --gpus all).",
            { Status: CudaNoDevice } or { Status: 0, Count: 0 } =>
                "NVIDIA's driver library is there, but it sees no GPU: look at what nvidia-smi says, and whether " +
                "CUDA_VISIBLE_DEVICES hides the GPU.",
            { Status: CudaDriverMismatch } =>
                "NVIDIA's driver library does not fit the driver that is running: restart the machine after a driver " +
                "update.",
            { Status: not 0 } =>
                $"NVIDIA's driver library is there, but cannot be used (cuInit gave error {answer.Status}): look at " +
                "what nvidia-smi says.",
            _ =>
                "NVIDIA's driver sees a GPU, but ILGPU cannot use it: a compute capability of at least 3.0 and a " +
                "driver of at least CUDA 9 are needed; update the driver.",
        };
    }

    internal static string ExplainOpenCL(IReadOnlyList<string> names, Answer answer) => answer switch
    {
        { LibraryFound: false } =>
            $"The OpenCL loader was not found (tried {string.Join(", ", names)}): install it (on Debian and Ubuntu " +
            "ocl-icd-libopencl1) with the GPU maker's OpenCL driver, or with pocl-opencl-icd to run on the CPU.",
        { Status: OpenCLNoPlatform } or { Status: 0, Count: 0 } =>
            "The OpenCL loader is there, but no driver is registered with it: install the GPU maker's OpenCL driver, " +
            "or pocl-opencl-icd to run on the CPU.",
        { Status: not 0 } =>
            $"The OpenCL loader is there, but cannot be used (clGetPlatformIDs gave error {answer.Status}): look at " +
            "what clinfo says.",
        _ => "OpenCL drivers are there, but none of them has a device: look at what clinfo says.",
    };

    private static Answer AskCuda()
    {
        nint library = NativeLibraries.Load(NativeLibraries.Cuda);
        if (library == 0
            || !NativeLibrary.TryGetExport(library, "cuInit", out nint initialise)
            || !NativeLibrary.TryGetExport(library, "cuDeviceGetCount", out nint getCount))
        {
            return default;
        }

        int status = ((delegate* unmanaged<uint, int>)initialise)(0);
        int count = 0;
        if (status == 0)
        {
            status = ((delegate* unmanaged<int*, int>)getCount)(&count);
        }

        return new(true, status, count);
    }

    private static Answer AskOpenCL()
    {
        nint library = NativeLibraries.Load(NativeLibraries.OpenCL);
        if (library == 0 || !NativeLibrary.TryGetExport(library, "clGetPlatformIDs", out nint getPlatforms))
        {
            return default;
        }

        uint count = 0;
        int status = ((delegate* unmanaged<uint, nint*, uint*, int>)getPlatforms)(0, null, &count);
        return new(true, status, (int)count);
    }
}
