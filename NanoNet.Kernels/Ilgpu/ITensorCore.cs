using ILGPU;

namespace NanoNet.Kernels.Ilgpu;

/// <summary>
/// What a warp's tensor core does: c += a · b for a 16 × 8 matrix a and an 8 × 8 matrix b in TF32 and a 16 × 8 matrix c
/// in float32, all of which lie in the registers of the warp's 32 lanes.
/// </summary>
/// <remarks>
/// Lane l has, with g = ⌊l / 4⌋ and q = l mod 4 (PTX ISA, "Matrix fragments for mma.m16n8k8"):
/// <code>
/// a   (g, q), (g + 8, q), (g, q + 4), (g + 8, q + 4)              by (row, depth)
/// b   (q, g), (q + 4, g)                                          by (depth, column)
/// c   (g, 2q), (g, 2q + 1), (g + 8, 2q), (g + 8, 2q + 1)          by (row, column)
/// </code>
/// Tests have a second implementation, whose lanes exchange their fragments through shared memory: with it the products
/// for tensor cores run, and are checked, on devices that have none.
/// </remarks>
internal interface ITensorCore
{
    /// <summary>Shared memory that a warp needs for it, in units of four floats.</summary>
    static abstract int Scratch { get; }

    /// <summary>c + a · b, this lane's part. All lanes of the group come here together.</summary>
    /// <remarks>Of a and b only 8 bits of exponent and 10 of mantissa count: the 13 bits below are not looked at.</remarks>
    /// <param name="a">This lane's part of a, rounded.</param>
    /// <param name="b">This lane's part of b, rounded.</param>
    /// <param name="c">This lane's part of c.</param>
    /// <param name="scratch">The group's <see cref="Scratch"/>.</param>
    static abstract Float4 MultiplyAdd(Float4 a, Float2 b, Float4 c, ArrayView<Float4> scratch);
}
