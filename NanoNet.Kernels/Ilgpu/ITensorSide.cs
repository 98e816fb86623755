namespace NanoNet.Kernels.Ilgpu;

/// <summary>Which operand of a product for tensor cores it is.</summary>
internal interface ITensorSide
{
    /// <summary>Rows or columns of a tile.</summary>
    static abstract int Size<TTile>() where TTile : struct, ITensorTile;

    /// <summary>Where its slabs start.</summary>
    static abstract int First<TTile, TPrecision>()
        where TTile : struct, ITensorTile
        where TPrecision : struct, ITensorPrecision;

    /// <summary>A fragment (0, 0), (0, 1), (1, 0), (1, 1) by (row, depth) in the order of the core's registers.</summary>
    static abstract Float4 Order(Float4 fragment);
}

/// <summary>The first operand, by rows. The core has both rows at one depth side by side.</summary>
internal readonly struct RowsSide : ITensorSide
{
    /// <inheritdoc/>
    public static int Size<TTile>() where TTile : struct, ITensorTile => TTile.Rows;

    /// <inheritdoc/>
    public static int First<TTile, TPrecision>()
        where TTile : struct, ITensorTile
        where TPrecision : struct, ITensorPrecision => 0;

    /// <inheritdoc/>
    public static Float4 Order(Float4 fragment) => new(fragment.X, fragment.Z, fragment.Y, fragment.W);
}

/// <summary>The second operand, by columns. The core has both depths of a column side by side.</summary>
internal readonly struct ColumnsSide : ITensorSide
{
    /// <inheritdoc/>
    public static int Size<TTile>() where TTile : struct, ITensorTile => TTile.Columns;

    /// <inheritdoc/>
    public static int First<TTile, TPrecision>()
        where TTile : struct, ITensorTile
        where TPrecision : struct, ITensorPrecision => TensorLayout<TTile, TPrecision>.FirstB;

    /// <inheritdoc/>
    public static Float4 Order(Float4 fragment) => fragment;
}
