using ILGPU;

namespace NanoNet.Kernels.Ilgpu;

/// <summary>How a product for tensor cores keeps its operands in shared memory, and how often it multiplies them.</summary>
internal interface ITensorPrecision
{
    /// <summary>Copies of a slab: of numbers rounded to TF32, and of what the rounding took away.</summary>
    static abstract int Planes { get; }

    /// <summary>
    /// After how many steps of 16 depths results are added to others in registers, 0 for never: tensor cores do not
    /// round what they add up, they cut it off, and such errors all point the same way.
    /// </summary>
    static abstract int StepsPerPartial { get; }

    /// <summary>Reads a fragment.</summary>
    /// <param name="slab">A slab.</param>
    /// <param name="place">The fragment's place in it.</param>
    /// <param name="plane">From a copy of the slab to the next.</param>
    static abstract TensorFragment Load(ArrayView<Float4> slab, int place, int plane);

    /// <summary>Rounds a fragment and stores it.</summary>
    /// <param name="slab">A slab.</param>
    /// <param name="place">The fragment's place in it.</param>
    /// <param name="plane">From a copy of the slab to the next.</param>
    /// <param name="values">The fragment.</param>
    static abstract void Store(ArrayView<Float4> slab, int place, int plane, Float4 values);

    /// <summary>c + a · b for 16 rows, 8 columns and 8 depths.</summary>
    /// <param name="a">This lane's part of a.</param>
    /// <param name="big">This lane's part of b, rounded.</param>
    /// <param name="small">What the rounding took away.</param>
    /// <param name="c">This lane's part of the result.</param>
    /// <param name="scratch">Memory for the core.</param>
    static abstract Float4 MultiplyAdd<TCore>(
        TensorFragment a, Float2 big, Float2 small, Float4 c, ArrayView<Float4> scratch)
        where TCore : struct, ITensorCore;
}
