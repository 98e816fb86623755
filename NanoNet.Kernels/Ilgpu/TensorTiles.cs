namespace NanoNet.Kernels.Ilgpu;

/// <summary>
/// The tile of a product for tensor cores: four or eight warps compute Rows × Columns results, each warp a rectangle of
/// them.
/// </summary>
internal interface ITensorTile
{
    /// <summary>Rows of the tile.</summary>
    static abstract int Rows { get; }

    /// <summary>Columns of the tile.</summary>
    static abstract int Columns { get; }

    /// <summary>Warps that share its rows.</summary>
    static abstract int WarpsDown { get; }

    /// <summary>Warps that share its columns.</summary>
    static abstract int WarpsAcross { get; }
}

/// <summary>
/// 128 × 256 results by eight warps, 64 × 64 each: of what it reads from memory each element serves half as many products
/// more. A multiprocessor has room for one such group.
/// </summary>
internal readonly struct BroadTensorTile : ITensorTile
{
    /// <inheritdoc/>
    public static int Rows => 128;

    /// <inheritdoc/>
    public static int Columns => 256;

    /// <inheritdoc/>
    public static int WarpsDown => 2;

    /// <inheritdoc/>
    public static int WarpsAcross => 4;
}

/// <summary>
/// 128 × 128 results, 64 × 64 a warp: what it loads from shared memory, which is as busy as the tensor cores, serves most
/// products. No registers are left for sums in parts.
/// </summary>
internal readonly struct LargeTensorTile : ITensorTile
{
    /// <inheritdoc/>
    public static int Rows => 128;

    /// <inheritdoc/>
    public static int Columns => 128;

    /// <inheritdoc/>
    public static int WarpsDown => 2;

    /// <inheritdoc/>
    public static int WarpsAcross => 2;
}

/// <summary>128 × 64 results, 64 × 32 a warp: the most that the three-product split has registers and memory for.</summary>
internal readonly struct TallTensorTile : ITensorTile
{
    /// <inheritdoc/>
    public static int Rows => 128;

    /// <inheritdoc/>
    public static int Columns => 64;

    /// <inheritdoc/>
    public static int WarpsDown => 2;

    /// <inheritdoc/>
    public static int WarpsAcross => 2;
}

/// <summary>64 × 64 results, 32 × 32 a warp: for products with too few results for larger tiles.</summary>
internal readonly struct MediumTensorTile : ITensorTile
{
    /// <inheritdoc/>
    public static int Rows => 64;

    /// <inheritdoc/>
    public static int Columns => 64;

    /// <inheritdoc/>
    public static int WarpsDown => 2;

    /// <inheritdoc/>
    public static int WarpsAcross => 2;
}
