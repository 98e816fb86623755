using ILGPU;
using NanoNet.Kernels.Ilgpu;

namespace NanoNet.Tests.Kernels.Ilgpu;

/// <summary>
/// A tensor core for devices that have none: each lane puts its fragments where all see them and computes its results from
/// everybody's, by the same table of who has what. So the products for tensor cores run, and all but the instruction is checked.
/// </summary>
internal readonly struct EmulatedTensorCore : ITensorCore
{
    private const int Warp = 32;

    public static int Scratch => 2 * Warp;

    public static Float4 MultiplyAdd(Float4 a, Float2 b, Float4 c, ArrayView<Float4> scratch)
    {
        int lane = Group.IdxX % Warp;
        var lanesA = scratch.SubView(Group.IdxX / Warp * Scratch, Warp);
        var lanesB = scratch.SubView((Group.IdxX / Warp * Scratch) + Warp, Warp);
        lanesA[lane] = TensorRounding.Clear(a);
        lanesB[lane] = TensorRounding.Clear(new(b.X, b.Y, 0, 0));
        Group.Barrier();
        int g = lane >> 2;
        int q = lane & 3;
        for (int depth = 0; depth < 4; depth++)
        {
            var rows = lanesA[(g * 4) + depth];
            var left = lanesB[(2 * q * 4) + depth];
            var right = lanesB[(((2 * q) + 1) * 4) + depth];
            c = new(
                c.X + (rows.X * left.X) + (rows.Z * left.Y),
                c.Y + (rows.X * right.X) + (rows.Z * right.Y),
                c.Z + (rows.Y * left.X) + (rows.W * left.Y),
                c.W + (rows.Y * right.X) + (rows.W * right.Y));
        }

        Group.Barrier();
        return c;
    }
}
