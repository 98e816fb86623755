namespace NanoNet.Kernels.Ilgpu;

/// <summary>
/// The sizes of a tiled product c [Rows, Columns], summed over Depth, and how the depth is cut: each of Splits groups
/// sums DepthPerSplit of it, so that a product with few results and a great depth keeps a GPU busy too.
/// </summary>
/// <param name="Rows">Rows of the result.</param>
/// <param name="Columns">Columns of the result.</param>
/// <param name="Splits">Parts that the depth is cut into.</param>
/// <param name="DepthPerSplit">Depth of a part, a multiple of the tile's.</param>
/// <param name="Depth">How much is summed over.</param>
/// <param name="HasBias">1 if a bias is added, else 0.</param>
/// <param name="HasRelu">1 if negative results become zero, else 0.</param>
/// <param name="HasMask">
/// 1 if only those results stay whose element in a mask [Rows, Columns] is positive, and the others become zero. The
/// mask takes the bias' place among the operands: no product has both.
/// </param>
/// <param name="Scale">What masked results are multiplied by.</param>
internal readonly record struct ProductShape(
    int Rows, int Columns, int Depth, int Splits, int DepthPerSplit, int HasBias, int HasRelu,
    int HasMask = 0, float Scale = 1)
{
    /// <summary>Only what is done to results in so many columns.</summary>
    public static ProductShape OfResults(
        int columns, IlgpuBuffer? bias, Activation activation, IlgpuBuffer? mask, float scale) => new(
        0, columns, 0, 1, 0, bias is null ? 0 : 1, activation == Activation.Relu ? 1 : 0, mask is null ? 0 : 1, scale);

    /// <summary>The same product without what is done to its results, for parts that are summed later.</summary>
    public ProductShape WithoutEpilogue => this with { HasBias = 0, HasRelu = 0, HasMask = 0 };

    /// <summary>The same product with its depth cut into so many parts, or fewer, of whole steps.</summary>
    /// <param name="splits">How many parts.</param>
    /// <param name="step">How deep a step is.</param>
    public ProductShape Cut(int splits, int step)
    {
        int steps = (Depth + step - 1) / step;
        int stepsPerSplit = (steps + splits - 1) / splits;
        return this with { Splits = (steps + stepsPerSplit - 1) / stepsPerSplit, DepthPerSplit = stepsPerSplit * step };
    }
}
