namespace NanoNet.Kernels.Simd;

/// <summary>
/// What the tiles of a block have in common. Operand a is read at a[row · ARow + step · AStep], so that it may be stored by rows or
/// by columns; b at b[step · BStep + column], columns contiguous. A sum may run through several stretches of a, each
/// <see cref="AJump"/> beyond the end of the one before: the rows of an image under a convolution's kernel.
/// </summary>
internal unsafe struct TileShape
{
    /// <summary>
    /// Rows of a tile that are read in place even where all lie at the same place of pages, so that their lines share one set of the
    /// first-level cache: of twelve lines in a set, three are left for b and c.
    /// </summary>
    public const int RowsInPlace = 9;

    /// <summary>Rows of the tallest tile that may be copied.</summary>
    public const int CopiesOfTile = 5;

    /// <summary>Stretches of a sum, one at least; an empty sum is one stretch of no steps.</summary>
    public int Stretches;

    /// <summary>Steps of a sum in one stretch.</summary>
    public int Depth;

    /// <summary>
    /// Steps that are summed before their sum is added to that of the parts before: a long sum in parts loses less to rounding. A
    /// multiple of 32 if they are more than that. A part ends with its stretch. 0 for whole sums.
    /// </summary>
    public int Part;

    /// <summary>
    /// Where a tile adds up parts, a tile's floats, so that c is written once: rows of c, a power of two apart as a rule, share one set
    /// of the first-level cache and drive each other out. It may be c.
    /// </summary>
    public float* Sums;

    /// <summary>Elements of a from the step after a stretch to the first of the next.</summary>
    public nint AJump;

    /// <summary>Elements from one row of a to the next.</summary>
    public nint ARow;

    /// <summary>
    /// Copies of a tile's rows from <see cref="RowsInPlace"/> on, where those are not read in place; null where they are. A sum of
    /// one stretch only. The copies of the tile below begin <see cref="CopiesOfTile"/> rows further.
    /// </summary>
    public float* Copied;

    /// <summary>Elements from one copied row to the next; 0 where none is copied.</summary>
    public nint CopiedRow;

    /// <summary>Whether <see cref="Copied"/> are yet to be made: a tile does it as it reads them.</summary>
    public bool Copies;

    /// <summary>Elements of a from one step of the sum to the next.</summary>
    public nint AStep;

    /// <summary>Elements of b from one step of the sum to the next.</summary>
    public nint BStep;

    /// <summary>Elements from one row of c to the next.</summary>
    public nint CRow;

    /// <summary>Add to what c holds, rather than overwrite it.</summary>
    public bool Accumulate;

    /// <summary>
    /// Store c past the caches, which keep what is read again: for a c that would not stay in them anyway. Its rows start at cache
    /// lines.
    /// </summary>
    public bool Streams;

    /// <summary>What the sum is multiplied by before all else, rounded in between; 0 for a sum as it is.</summary>
    public float Scale;

    /// <summary>Store max(0, c).</summary>
    public bool Relu;

    /// <summary>Goes on to the tile below. Where all rows are in place there is nothing to do: null stays null, for its rows are 0 apart.</summary>
    public void MoveDown() => Copied += CopiesOfTile * CopiedRow;
}
