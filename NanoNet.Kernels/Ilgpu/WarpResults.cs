using ILGPU;

namespace NanoNet.Kernels.Ilgpu;

/// <summary>A lane's results of a product for tensor cores: two or four rows of tiles of 16 × 16.</summary>
internal struct WarpResults<TTile, TPrecision, TCore>
    where TTile : struct, ITensorTile
    where TPrecision : struct, ITensorPrecision
    where TCore : struct, ITensorCore
{
    public WarpRow<TTile, TPrecision, TCore> Row0;
    public WarpRow<TTile, TPrecision, TCore> Row1;
    public WarpRow<TTile, TPrecision, TCore> Row2;
    public WarpRow<TTile, TPrecision, TCore> Row3;

    /// <summary>Adds the products of eight depths.</summary>
    /// <param name="a">The first operand's slab from this lane's first fragment on.</param>
    /// <param name="b">The second operand's slab from this lane's first fragment on.</param>
    /// <param name="scratch">Memory for the core.</param>
    public void Add(ArrayView<Float4> a, ArrayView<Float4> b, ArrayView<Float4> scratch)
    {
        // By hand: ILGPU unrolls nothing.
        var columns = WarpColumns<TTile, TPrecision>.Load(b);
        int next = TensorLayout<TTile, TPrecision>.Plane(TensorLayout<TTile, TPrecision>.RowsApart);
        int plane = TensorLayout<TTile, TPrecision>.Plane(TTile.Rows);
        Row0.Add(TPrecision.Load(a, 0, plane), columns, scratch);
        Row1.Add(TPrecision.Load(a, next, plane), columns, scratch);
        if (TensorLayout<TTile, TPrecision>.RowTiles == 4)
        {
            Row2.Add(TPrecision.Load(a, 2 * next, plane), columns, scratch);
            Row3.Add(TPrecision.Load(a, 3 * next, plane), columns, scratch);
        }
    }

    /// <summary>Adds other results, element by element.</summary>
    public void Add(WarpResults<TTile, TPrecision, TCore> other)
    {
        Row0.Add(other.Row0);
        Row1.Add(other.Row1);
        if (TensorLayout<TTile, TPrecision>.RowTiles == 4)
        {
            Row2.Add(other.Row2);
            Row3.Add(other.Row3);
        }
    }
}
