using System.Runtime.Intrinsics;

namespace NanoNet.Kernels.Simd;

/// <summary>Floats to a vector register: what the product kernels are compiled for.</summary>
internal enum VectorWidth
{
    /// <summary>One: the portable fallback.</summary>
    Scalar = 1,

    /// <summary>Four: SSE, Arm.</summary>
    Vector128 = 4,

    /// <summary>Eight: AVX2.</summary>
    Vector256 = 8,

    /// <summary>Sixteen: AVX-512.</summary>
    Vector512 = 16,
}

/// <summary>Which widths this machine has.</summary>
internal static class VectorWidths
{
    /// <summary>The widest that is done in hardware.</summary>
    public static VectorWidth Best =>
        Vector512.IsHardwareAccelerated ? VectorWidth.Vector512
        : Vector256.IsHardwareAccelerated ? VectorWidth.Vector256
        : Vector128.IsHardwareAccelerated ? VectorWidth.Vector128
        : VectorWidth.Scalar;
}
