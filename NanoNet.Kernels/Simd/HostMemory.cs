using System.Runtime.InteropServices;
using NanoNet.Kernels.Memory;

namespace NanoNet.Kernels.Simd;

/// <summary>Native memory, aligned; large blocks in large pages where the system gives them.</summary>
/// <remarks>
/// A core knows the places of some thousand pages. With pages of 4 KB large tensors have more, and looking up the others costs a
/// product of large matrices several per cent. Linux gives transparent large pages to memory that asks for them; where it does
/// not, or elsewhere, all works the same.
/// </remarks>
internal static unsafe partial class HostMemory
{
    private const nuint LargePage = 2 << 20;

    private const int AdviseLargePages = 14;

    private static bool s_canAdvise = OperatingSystem.IsLinux();

    /// <summary>Memory with arbitrary contents, to be freed by <see cref="Free"/>.</summary>
    public static void* Allocate(nuint bytes)
    {
        bool isLarge = s_canAdvise && bytes >= LargePage;
        void* memory = NativeMemory.AlignedAlloc(bytes, isLarge ? LargePage : DeviceBuffer.Alignment);
        if (isLarge)
        {
            Advise(memory, bytes);
        }

        return memory;
    }

    /// <summary>Frees memory, or nothing.</summary>
    public static void Free(void* memory) => NativeMemory.AlignedFree(memory);

    private static void Advise(void* memory, nuint bytes)
    {
        try
        {
            // A refusal changes nothing but speed.
            _ = MemoryAdvise(memory, bytes, AdviseLargePages);
        }
        catch (Exception exception) when (exception is DllNotFoundException or EntryPointNotFoundException)
        {
            s_canAdvise = false;
        }
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int MemoryAdvise(void* memory, nuint bytes, int advice);
}
