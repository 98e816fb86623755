using ILGPU;

namespace NanoNet.Tests.Kernels.Ilgpu;

/// <summary>TF32 on any device: what cvt.rna.tf32.f32 does.</summary>
internal static class Tf32Numbers
{
    private const uint Exponent = 0x7f800000;
    private const uint Half = 0x1000;
    private const uint Kept = 0xffffe000;

    /// <summary>The nearest number with 11 significant bits, of two the larger; infinities and what is no number stay.</summary>
    public static float Round(float value)
    {
        uint bits = Interop.FloatAsInt(value);
        return (bits & Exponent) == Exponent ? value : Interop.IntAsFloat((bits + Half) & Kept);
    }
}
