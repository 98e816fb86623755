using Floats = ILGPU.ArrayView<float>;

namespace NanoNet.Kernels.Ilgpu;

/// <summary>
/// One operand of a tiled product, seen as a matrix [outer, depth]: outer is the product's row or column, depth what it
/// sums over. A convolution is a product whose operand is read from an image as if its patches were laid out in rows.
/// </summary>
/// <remarks>
/// Taking an index apart costs divisions, so both indices are taken apart once, into places, and each load combines two
/// places.
/// </remarks>
internal interface IOperand
{
    /// <summary>Whether neighbours along the depth, rather than along outer, are neighbours in memory.</summary>
    static abstract bool DepthIsContiguous { get; }

    /// <summary>Where an outer index is; outside the operand, a place that loads zero.</summary>
    Place Outer(int index);

    /// <summary>Where a depth index is; outside the operand, a place that loads zero.</summary>
    Place Depth(int index);

    /// <summary>The element at an outer and a depth place, zero if it lies outside.</summary>
    float Load(Floats source, Place outer, Place depth);
}

/// <summary>What an operand keeps of an index: an offset in memory, and for images a position.</summary>
internal readonly struct Place(int offset, int y = 0, int x = 0)
{
    public int Offset { get; } = offset;

    public int Y { get; } = y;

    public int X { get; } = x;
}

/// <summary>Another operand with outer and depth exchanged.</summary>
internal readonly struct Transposed<TOperand>(TOperand operand) : IOperand where TOperand : struct, IOperand
{
    private readonly TOperand _operand = operand;

    /// <inheritdoc/>
    public static bool DepthIsContiguous => !TOperand.DepthIsContiguous;

    /// <inheritdoc/>
    public Place Outer(int index) => _operand.Depth(index);

    /// <inheritdoc/>
    public Place Depth(int index) => _operand.Outer(index);

    /// <inheritdoc/>
    public float Load(Floats source, Place outer, Place depth) => _operand.Load(source, depth, outer);
}

/// <summary>What operands have in common.</summary>
internal static class Operand
{
    /// <summary>An element, or zero for a place outside the operand.</summary>
    /// <remarks>
    /// It always loads, from the start of the memory if need be: branches around the loads of a thread would keep them
    /// from being on their way together.
    /// </remarks>
    public static float LoadOrZero(Floats source, int place, bool isInside)
    {
        float value = source[isInside ? place : 0];
        return isInside ? value : 0;
    }
}
