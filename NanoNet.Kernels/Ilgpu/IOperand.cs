namespace NanoNet.Kernels.Ilgpu;

/// <summary>
/// One operand of a tiled product, seen as a matrix [outer, depth]: outer is the product's row or column, depth what it
/// sums over. A convolution is a product whose operand is read from an image as if its patches were laid out in rows.
/// </summary>
/// <remarks>
/// Taking an index apart costs divisions, so both indices are taken apart once, into places, and each load combines two
/// places. Only indices inside the matrix are asked for.
/// </remarks>
internal interface IOperand
{
    /// <summary>Whether neighbours along the depth, rather than along outer, are neighbours in memory.</summary>
    static abstract bool DepthIsContiguous { get; }

    /// <summary>
    /// How many neighbours lie side by side in memory before there is a gap: a multiple of four allows wide loads.
    /// </summary>
    int Run { get; }

    /// <summary>Whether there are places between the existing elements where the operand is zero: padding.</summary>
    static abstract bool HasOutside { get; }

    /// <summary>Where an outer index is.</summary>
    Place Outer(int index);

    /// <summary>Where a depth index is.</summary>
    Place Depth(int index);

    /// <summary>
    /// What the sum of two places' offsets is too large by: for an image what lies before it, so that no pixel's is ever
    /// negative.
    /// </summary>
    int Before { get; }

    /// <summary>What has to be added to a depth place's offset so that it is never negative.</summary>
    int DepthBias { get; }

    /// <summary>Where in memory the element at an outer and a depth place is, the sum of their offsets less
    /// <see cref="Before"/>; anywhere, if it is outside.</summary>
    int Find(Place outer, Place depth);

    /// <summary>Whether that element exists. Elsewhere the operand is zero.</summary>
    bool IsInside(Place outer, Place depth);
}

/// <summary>
/// What an operand keeps of an index: offsets in memory, which add up, and for images a position, which tells what lies
/// outside.
/// </summary>
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
    public static bool HasOutside => TOperand.HasOutside;

    /// <inheritdoc/>
    public int Run => _operand.Run;

    /// <inheritdoc/>
    public Place Outer(int index) => _operand.Depth(index);

    /// <inheritdoc/>
    public Place Depth(int index) => _operand.Outer(index);

    /// <inheritdoc/>
    public int Before => _operand.Before;

    /// <inheritdoc/>
    /// <remarks>No outer place of an operand that is transposed has a negative offset.</remarks>
    public int DepthBias => 0;

    /// <inheritdoc/>
    public int Find(Place outer, Place depth) => _operand.Find(depth, outer);

    /// <inheritdoc/>
    public bool IsInside(Place outer, Place depth) => _operand.IsInside(depth, outer);
}
