namespace NanoNet.Kernels.Ilgpu;

/// <summary>The tiles of <see cref="ITensorTile"/> by name.</summary>
internal enum TensorTileSize
{
    /// <summary><see cref="MediumTensorTile"/>.</summary>
    Medium,

    /// <summary><see cref="TallTensorTile"/>; with the three-product split only.</summary>
    Tall,

    /// <summary><see cref="LargeTensorTile"/>; with one product only.</summary>
    Large,
}

/// <summary>How a product is laid over a GPU's tensor cores; see <see cref="ProductPlan"/>.</summary>
/// <param name="Tile">The tile: the largest of the precision if there are enough, else the medium one.</param>
/// <param name="Splits">How many parts of the depth are summed by different groups.</param>
internal readonly record struct TensorPlan(TensorTileSize Tile, int Splits)
{
    /// <summary>Plans a product.</summary>
    /// <param name="rows">Rows of the result.</param>
    /// <param name="columns">Columns of the result.</param>
    /// <param name="depth">How much is summed over.</param>
    /// <param name="precision">Not float32.</param>
    public static TensorPlan Create(int rows, int columns, int depth, Precision precision)
    {
        var (tile, tiles) = precision == Precision.Tf32
            ? (TensorTileSize.Large, Tiles<LargeTensorTile>(rows, columns))
            : (TensorTileSize.Tall, Tiles<TallTensorTile>(rows, columns));
        return tiles >= ProductPlan.EnoughLargeTiles
            ? new(tile, 1)
            : new(TensorTileSize.Medium, ProductPlan.SplitsFor(
                Tiles<MediumTensorTile>(rows, columns), TensorLayout<MediumTensorTile, Tf32>.Group, depth));
    }

    /// <summary>Whether a product is for tensor cores at all: thin ones would leave half of each tile empty.</summary>
    public static bool Takes(int rows, int columns) => Math.Min(rows, columns) > MediumTensorTile.Rows / 2;

    private static long Tiles<TTile>(int rows, int columns) where TTile : struct, ITensorTile =>
        (rows + TTile.Rows - 1L) / TTile.Rows * ((columns + TTile.Columns - 1L) / TTile.Columns);
}
