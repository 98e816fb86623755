using ILGPU;

namespace NanoNet.Kernels.Ilgpu;

/// <summary>Operands rounded to TF32, 11 significant bits: one product.</summary>
internal readonly struct Tf32 : ITensorPrecision
{
    /// <inheritdoc/>
    public static int Planes => 1;

    /// <inheritdoc/>
    public static int StepsPerPartial => 0;

    /// <inheritdoc/>
    public static TensorFragment Load(ArrayView<Float4> slab, int place, int plane) => new(slab[place], default);

    /// <inheritdoc/>
    public static void Store(ArrayView<Float4> slab, int place, int plane, Float4 values) =>
        slab[place] = TensorRounding.Nearest(values);

    /// <inheritdoc/>
    public static Float4 MultiplyAdd<TCore>(
        TensorFragment a, Float2 big, Float2 small, Float4 c, ArrayView<Float4> scratch)
        where TCore : struct, ITensorCore => TCore.MultiplyAdd(a.Big, big, c, scratch);
}

/// <summary>
/// The three-product split: x = big + small with big = TF32(x) and small = TF32(x − big), which together have 22
/// significant bits; a · b = small·big + big·small + big·big, the smallest first. What is left out, small·small, is 2⁻²²
/// of a product at most.
/// </summary>
internal readonly struct Tf32x3 : ITensorPrecision
{
    /// <inheritdoc/>
    public static int Planes => 2;

    /// <inheritdoc/>
    public static int StepsPerPartial => ITile.PartialDepth / 16;

    /// <inheritdoc/>
    public static TensorFragment Load(ArrayView<Float4> slab, int place, int plane) =>
        new(slab[place], slab[place + plane]);

    /// <inheritdoc/>
    public static void Store(ArrayView<Float4> slab, int place, int plane, Float4 values)
    {
        var rounded = TensorRounding.Nearest(values);
        var big = TensorRounding.Clear(rounded);
        slab[place] = big;
        slab[place + plane] = TensorRounding.Nearest(
            new(values.X - big.X, values.Y - big.Y, values.Z - big.Z, values.W - big.W));
    }


    /// <inheritdoc/>
    public static Float4 MultiplyAdd<TCore>(
        TensorFragment a, Float2 big, Float2 small, Float4 c, ArrayView<Float4> scratch)
        where TCore : struct, ITensorCore
    {
        c = TCore.MultiplyAdd(a.Small, big, c, scratch);
        c = TCore.MultiplyAdd(a.Big, small, c, scratch);
        return TCore.MultiplyAdd(a.Big, big, c, scratch);
    }
}
