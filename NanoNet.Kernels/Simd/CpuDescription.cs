using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using System.Security;
using Microsoft.Win32;

namespace NanoNet.Kernels.Simd;

/// <summary>What this CPU is called and how wide its vectors are, for people to read. Never fails.</summary>
internal static class CpuDescription
{
    private const string WindowsKey = @"HKEY_LOCAL_MACHINE\HARDWARE\DESCRIPTION\System\CentralProcessor\0";

    /// <summary>The model's name where the system tells it, else the architecture.</summary>
    public static string Name()
    {
        string? name = null;
        try
        {
            name = OperatingSystem.IsWindows()
                ? Registry.GetValue(WindowsKey, "ProcessorNameString", null) as string
                : FromCpuInfo("/proc/cpuinfo");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or SecurityException)
        {
            // Not worth telling: the architecture's name serves as well.
        }

        return string.IsNullOrWhiteSpace(name) ? $"{RuntimeInformation.ProcessArchitecture} CPU" : name.Trim();
    }

    /// <summary>The vectors that the engine's loops compile to.</summary>
    public static string Vectors()
    {
        if (Vector512.IsHardwareAccelerated)
        {
            return "512-bit vectors (AVX-512)";
        }

        if (Vector256.IsHardwareAccelerated)
        {
            return Fma.IsSupported ? "256-bit vectors (AVX2, FMA)" : "256-bit vectors (AVX2)";
        }

        if (Vector128.IsHardwareAccelerated)
        {
            return AdvSimd.IsSupported ? "128-bit vectors (AdvSimd)" : "128-bit vectors";
        }

        return "no vectors";
    }

    private static string? FromCpuInfo(string path)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        string? line = File.ReadLines(path)
            .FirstOrDefault(line => line.StartsWith("model name", StringComparison.OrdinalIgnoreCase));
        return line?[(line.IndexOf(':', StringComparison.Ordinal) + 1)..];
    }
}
