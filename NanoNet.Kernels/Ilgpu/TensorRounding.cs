using ILGPU;

namespace NanoNet.Kernels.Ilgpu;

/// <summary>Floats as TF32 numbers: 8 bits of exponent, 10 of mantissa.</summary>
internal static class TensorRounding
{
    // Tensor cores do not look at these bits.
    private const uint Below = 0x1FFF;
    private const uint Half = 0x1000;

    /// <summary>
    /// The nearest TF32 numbers, of two the larger, above bits that tensor cores do not look at.
    /// </summary>
    /// <remarks>
    /// Half of the last bit is added. That is what the instruction cvt.rna.tf32.f32 does, but in fewer steps: it clears the
    /// bits below too, and asks of each number whether it is one, for some that are none would become zeros. Here one
    /// question serves four, and where their sum is not finite they are left as they are.
    /// </remarks>
    public static Float4 Nearest(Float4 values)
    {
        float sum = values.X + values.Y + values.Z + values.W;
        uint half = Math.Abs(sum) <= float.MaxValue ? Half : 0;
        return new(Add(values.X, half), Add(values.Y, half), Add(values.Z, half), Add(values.W, half));
    }

    /// <summary>The numbers that tensor cores see.</summary>
    public static Float4 Clear(Float4 values) =>
        new(Clear(values.X), Clear(values.Y), Clear(values.Z), Clear(values.W));

    private static float Add(float value, uint half) => Interop.IntAsFloat(Interop.FloatAsInt(value) + half);

    private static float Clear(float value) => Interop.IntAsFloat(Interop.FloatAsInt(value) & ~Below);
}
