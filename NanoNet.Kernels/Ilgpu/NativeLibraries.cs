using System.Reflection;
using System.Runtime.InteropServices;
using ILGPU;

namespace NanoNet.Kernels.Ilgpu;

/// <summary>Where the drivers' libraries are looked for, by ILGPU and by NanoNet's own calls.</summary>
/// <remarks>
/// ILGPU asks for "cuda" and "OpenCL", which .NET turns into libcuda.so and libOpenCL.so. Those belong to development
/// packages; drivers and containers have the versioned names alone, and ILGPU would find no device and say nothing.
/// </remarks>
internal static class NativeLibraries
{
    private static readonly Lazy<bool> s_resolver = new(SetResolver);

    /// <summary>The file names of NVIDIA's driver library, in the order in which they are tried.</summary>
    public static IReadOnlyList<string> Cuda { get; } =
        OperatingSystem.IsWindows() ? ["nvcuda.dll"]
        : OperatingSystem.IsLinux() ? ["libcuda.so.1", "libcuda.so", "/usr/lib/wsl/lib/libcuda.so.1"]
        : [];

    /// <summary>The file names of the OpenCL loader, in the order in which they are tried.</summary>
    public static IReadOnlyList<string> OpenCL { get; } =
        OperatingSystem.IsWindows() ? ["OpenCL.dll"]
        : OperatingSystem.IsMacOS() ? ["/System/Library/Frameworks/OpenCL.framework/OpenCL"]
        : ["libOpenCL.so.1", "libOpenCL.so"];

    /// <summary>Makes them find the libraries. Call it before ILGPU is first used; later calls do nothing.</summary>
    public static void Register() => _ = s_resolver.Value;

    /// <summary>Loads the first library that is there.</summary>
    /// <returns>Its handle, or zero if there is none.</returns>
    public static nint Load(IReadOnlyList<string> names)
    {
        foreach (string name in names)
        {
            if (NativeLibrary.TryLoad(name, out nint handle))
            {
                return handle;
            }
        }

        return 0;
    }

    private static bool SetResolver()
    {
        NativeLibrary.SetDllImportResolver(typeof(NativeLibraries).Assembly, Resolve);
        try
        {
            NativeLibrary.SetDllImportResolver(typeof(Context).Assembly, Resolve);
            return true;
        }
        catch (InvalidOperationException)
        {
            // An assembly takes one resolver, and the program that hosts us has set its own (so does ILGPU's Cuda() on
            // WSL, which NanoNet never calls). Theirs stays.
            return false;
        }
    }

    // Zero hands the search back to .NET.
    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path) => name switch
    {
        "cuda" or "nvcuda" => Load(Cuda),
        "OpenCL" or "opencl" => Load(OpenCL),
        _ => 0,
    };
}
