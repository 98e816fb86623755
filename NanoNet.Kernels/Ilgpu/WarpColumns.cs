using ILGPU;

namespace NanoNet.Kernels.Ilgpu;

/// <summary>A lane's fragments of the second operand: two or four times 16 columns, eight deep.</summary>
internal struct WarpColumns<TTile, TPrecision>
    where TTile : struct, ITensorTile
    where TPrecision : struct, ITensorPrecision
{
    public TensorFragment Tile0;
    public TensorFragment Tile1;
    public TensorFragment Tile2;
    public TensorFragment Tile3;

    /// <summary>Reads them.</summary>
    /// <param name="b">The slab from this lane's first fragment on.</param>
    public static WarpColumns<TTile, TPrecision> Load(ArrayView<Float4> b)
    {
        int next = TensorLayout<TTile, TPrecision>.Plane(TensorLayout<TTile, TPrecision>.ColumnsApart);
        int plane = TensorLayout<TTile, TPrecision>.Plane(TTile.Columns);
        WarpColumns<TTile, TPrecision> columns = default;
        columns.Tile0 = TPrecision.Load(b, 0, plane);
        columns.Tile1 = TPrecision.Load(b, next, plane);
        if (TensorLayout<TTile, TPrecision>.ColumnTiles == 4)
        {
            columns.Tile2 = TPrecision.Load(b, 2 * next, plane);
            columns.Tile3 = TPrecision.Load(b, 3 * next, plane);
        }

        return columns;
    }
}
