using ILGPU;

namespace NanoNet.Kernels.Ilgpu;

/// <summary>
/// The results that a thread keeps in registers: one 4 × 4 tile, or two or four of them, half the group's tile apart, so
/// that neighbouring threads always read neighbouring 16 bytes of shared memory.
/// </summary>
internal struct ThreadResults<TTile> where TTile : struct, ITile
{
    public ResultTile TopLeft;
    public ResultTile TopRight;
    public ResultTile BottomLeft;
    public ResultTile BottomRight;

    /// <summary>Adds the products of all depths of a pair of slabs.</summary>
    /// <param name="slabA">The first operand's slab, from this thread's first four rows on.</param>
    /// <param name="slabB">The second operand's slab, from this thread's first four columns on.</param>
    public void AddSlab(ArrayView<Float4> slabA, ArrayView<Float4> slabB)
    {
        // By hand: ILGPU unrolls nothing.
        Add(slabA, slabB, 0);
        Add(slabA, slabB, 1);
        Add(slabA, slabB, 2);
        Add(slabA, slabB, 3);
        if (TTile.Depth == 8)
        {
            Add(slabA, slabB, 4);
            Add(slabA, slabB, 5);
            Add(slabA, slabB, 6);
            Add(slabA, slabB, 7);
        }
    }

    /// <summary>Adds another thread's results, element by element.</summary>
    public void Add(ThreadResults<TTile> other)
    {
        TopLeft.Add(other.TopLeft);
        if (TTile.IsBroad)
        {
            TopRight.Add(other.TopRight);
        }

        if (TTile.IsTall)
        {
            BottomLeft.Add(other.BottomLeft);
        }

        if (TTile.IsTall && TTile.IsBroad)
        {
            BottomRight.Add(other.BottomRight);
        }
    }

    // Places that are constants from the slab's start on are part of the load: no instruction computes an address.
    private void Add(ArrayView<Float4> slabA, ArrayView<Float4> slabB, int depth)
    {
        int a = depth * TileLayout<TTile>.Pitch(TTile.Rows);
        int b = depth * TileLayout<TTile>.Pitch(TTile.Columns);
        var top = slabA[a];
        var left = slabB[b];
        var bottom = TTile.IsTall ? slabA[a + TTile.Rows / 8] : default;
        var right = TTile.IsBroad ? slabB[b + TTile.Columns / 8] : default;
        TopLeft.Add(top, left);
        if (TTile.IsBroad)
        {
            TopRight.Add(top, right);
        }

        if (TTile.IsTall)
        {
            BottomLeft.Add(bottom, left);
        }

        if (TTile.IsTall && TTile.IsBroad)
        {
            BottomRight.Add(bottom, right);
        }
    }
}
