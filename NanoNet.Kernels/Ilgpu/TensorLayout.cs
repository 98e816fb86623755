namespace NanoNet.Kernels.Ilgpu;

/// <summary>How the lanes of a product for tensor cores and its slabs in shared memory lie.</summary>
/// <remarks>
/// <para>A step is 16 deep. A slab holds one operand of it, twice eight depths, each [pair of rows, pair of depths] in
/// fragments of four floats: one is all that a lane needs of 16 rows, or of two times eight columns, at a time. For the
/// order of rows, columns and depths is free, if only both operands agree about depths: what the hardware has as rows g
/// and g + 8 are neighbours here, and so are its depths q and q + 4 and the columns g of two tiles. That makes a lane's
/// results two rows of four neighbours. Of four neighbouring depths two are in each half.</para>
/// <para>Threads go to memory and to shared memory eight at a time, and wait for every 128 bytes of memory, and every turn
/// of the banks, that the eight need. From memory they take whole lines, or half lines of two rows where depths are
/// neighbours (<see cref="TensorFetch{TTile, TPrecision, TOperand, TSide}"/>), and <see cref="Place"/> exchanges
/// fragments so that whichever eight store or read at once hit all banks.</para>
/// </remarks>
internal static class TensorLayout<TTile, TPrecision>
    where TTile : struct, ITensorTile
    where TPrecision : struct, ITensorPrecision
{
    /// <summary>Threads of a group.</summary>
    public static int Group => Warps * Warp;

    /// <summary>Warps of a group.</summary>
    public static int Warps => TTile.WarpsDown * TTile.WarpsAcross;

    /// <summary>Lanes of a warp.</summary>
    public const int Warp = 32;

    /// <summary>How deep a group reads its operands a step.</summary>
    public const int Step = 16;

    /// <summary>Fragments of a pair of rows, eight deep.</summary>
    public const int PairsOfDepths = 4;

    // Fragments that all banks of shared memory hold once: 128 bytes.
    private const int Banks = 8;

    /// <summary>16-row tiles of a warp.</summary>
    public static int RowTiles => TTile.Rows / TTile.WarpsDown / 16;

    /// <summary>16-column tiles of a warp.</summary>
    public static int ColumnTiles => TTile.Columns / TTile.WarpsAcross / 16;

    /// <summary>From a copy of a slab of so many rows or columns, eight deep, to the next.</summary>
    public static int Plane(int size) => size / 2 * PairsOfDepths;

    /// <summary>From eight depths to the next in the slab of an operand with so many rows or columns.</summary>
    public static int Pitch(int size) => Plane(size) * TPrecision.Planes;

    /// <summary>Where the second operand's slab starts.</summary>
    public static int FirstB => 2 * Pitch(TTile.Rows);

    /// <summary>Fragments of both slabs of a step.</summary>
    public static int Slabs => FirstB + 2 * Pitch(TTile.Columns);

    /// <summary>This thread's lane.</summary>
    public static int Lane => ILGPU.Group.IdxX % Warp;

    /// <summary>The first row of the tile that this thread's warp computes.</summary>
    public static int WarpRow => ILGPU.Group.IdxX / Warp / TTile.WarpsAcross * 16;

    /// <summary>The first column of the tile that this thread's warp computes.</summary>
    public static int WarpColumn => ILGPU.Group.IdxX / Warp % TTile.WarpsAcross * 16;

    /// <summary>
    /// From 16 rows of a warp to its next. The other warps' lie between: so a lane finds its fragments of all of them in
    /// the same banks, at constants from the first.
    /// </summary>
    public static int RowsApart => 16 * TTile.WarpsDown;

    /// <summary>From 16 columns of a warp to its next.</summary>
    public static int ColumnsApart => 16 * TTile.WarpsAcross;

    /// <summary>The place of a fragment within eight depths.</summary>
    /// <param name="rows">Which pair of rows.</param>
    /// <param name="depths">Which of four pairs of depths.</param>
    public static int Place(int rows, int depths) =>
        (rows >> 1) * Banks + (((rows & 1) * PairsOfDepths + depths) ^ ((rows >> 1) % Banks));
}
