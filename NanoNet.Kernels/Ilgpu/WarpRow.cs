using ILGPU;

namespace NanoNet.Kernels.Ilgpu;

/// <summary>A lane's results in a row of two or four tiles of 16 × 16.</summary>
internal struct WarpRow<TTile, TPrecision, TCore>
    where TTile : struct, ITensorTile
    where TPrecision : struct, ITensorPrecision
    where TCore : struct, ITensorCore
{
    public WarpTile<TPrecision, TCore> Tile0;
    public WarpTile<TPrecision, TCore> Tile1;
    public WarpTile<TPrecision, TCore> Tile2;
    public WarpTile<TPrecision, TCore> Tile3;

    /// <summary>Adds the products of 16 rows of the first operand with all columns.</summary>
    public void Add(TensorFragment rows, WarpColumns<TTile, TPrecision> columns, ArrayView<Float4> scratch)
    {
        Tile0.Add(rows, columns.Tile0, scratch);
        Tile1.Add(rows, columns.Tile1, scratch);
        if (TensorLayout<TTile, TPrecision>.ColumnTiles == 4)
        {
            Tile2.Add(rows, columns.Tile2, scratch);
            Tile3.Add(rows, columns.Tile3, scratch);
        }
    }

    /// <summary>Adds other results, element by element.</summary>
    public void Add(WarpRow<TTile, TPrecision, TCore> other)
    {
        Tile0.Add(other.Tile0);
        Tile1.Add(other.Tile1);
        if (TensorLayout<TTile, TPrecision>.ColumnTiles == 4)
        {
            Tile2.Add(other.Tile2);
            Tile3.Add(other.Tile3);
        }
    }
}
