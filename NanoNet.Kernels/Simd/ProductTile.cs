namespace NanoNet.Kernels.Simd;

/// <summary>
/// The innermost product: a few rows by two vectors of c, held in registers while the sums run.
/// </summary>
/// <remarks>
/// Each step loads two vectors of b and, for every row, repeats one value of a over a vector: 2 · rows multiply-adds for rows + 2
/// loads, enough to keep both multipliers of a core busy. Everything else in the product kernels exists to call this with
/// operands that are in the cache.
/// </remarks>
internal static unsafe partial class ProductTile<TLanes, TVector>
    where TLanes : struct, ILanes<TVector>
    where TVector : unmanaged
{
    /// <summary>Tiles of so many rows have loads to spare in each step.</summary>
    private const int RowsThatFetchAhead = 6;

    /// <summary>
    /// Steps after which a row of c is asked for, so that it is near when the sum is to be stored. All rows at once would fill the
    /// core's queue of misses, and b would wait.
    /// </summary>
    public const int StepsPerRowOfC = 32;

    /// <summary>Sums of more steps are long.</summary>
    private const int ShortDepth = 256;

    /// <summary>Rows of an unpacked b that are asked for before they are read: the machine foresees no steps of a page or more.</summary>
    private const int RowsAhead = 64;

    private const int FloatsOfLine = 16;

    /// <summary>Columns of a tile.</summary>
    public static int Columns => 2 * TLanes.Count;

    /// <summary>
    /// c = a · b, scaled, plus c, plus bias (null for none), rectified, as the shape says; <paramref name="rows"/> is 1 to
    /// <see cref="ILanes{TVector}.TileRows"/>. Step by step it asks for memory at <paramref name="ahead"/> and on, elements
    /// <paramref name="aheadStep"/> apart, to come into the second-level cache: where the machine can be asked, and the tile is not
    /// too low. A long sum asks for rows of b that are <paramref name="coming"/> as well, if that is not null.
    /// </summary>
    public static void Run(
        int rows, in TileShape shape, float* a, float* b, float* c, float* bias, float* ahead, nint aheadStep, ComingRows* coming = null)
    {
        if (shape.Copies)
        {
            Run<TileThatCopies>(rows, shape, a, b, c, bias, ahead, aheadStep, null, coming);
        }
        else if (shape.Depth <= ShortDepth)
        {
            Run<TileOfShortSums>(rows, shape, a, b, c, bias, ahead, aheadStep, null, coming);
        }
        else
        {
            Run<TileOfLongSums>(rows, shape, a, b, c, bias, ahead, aheadStep, null, coming);
        }
    }

    /// <summary>
    /// The same where b is not packed yet: what is read of it is also written to <paramref name="panel"/>. The multipliers work while
    /// the loads wait, so that packing takes less than half of the time that it would take before.
    /// </summary>
    public static void RunAndPack(int rows, in TileShape shape, float* a, float* b, float* c, float* bias, float* panel)
    {
        float* ahead = b + RowsAhead * shape.BStep;
        if (shape.Copies)
        {
            Run<TileThatPacksAndCopies>(rows, shape, a, b, c, bias, ahead, shape.BStep, panel, null);
        }
        else
        {
            Run<TileThatPacks>(rows, shape, a, b, c, bias, ahead, shape.BStep, panel, null);
        }
    }

    private static void Run<TKind>(
        int rows, in TileShape shape, float* a, float* b, float* c, float* bias, float* ahead, nint aheadStep, float* panel,
        ComingRows* coming)
        where TKind : struct, ITileKind
    {
        switch (rows)
        {
            case 1:
                Run<TileRows1, TKind>(shape, a, b, c, bias, ahead, aheadStep, panel, coming);
                break;
            case 2:
                Run<TileRows2, TKind>(shape, a, b, c, bias, ahead, aheadStep, panel, coming);
                break;
            case 3:
                Run<TileRows3, TKind>(shape, a, b, c, bias, ahead, aheadStep, panel, coming);
                break;
            case 4:
                Run<TileRows4, TKind>(shape, a, b, c, bias, ahead, aheadStep, panel, coming);
                break;
            case 5:
                Run<TileRows5, TKind>(shape, a, b, c, bias, ahead, aheadStep, panel, coming);
                break;
            case 6:
                Run<TileRows6, TKind>(shape, a, b, c, bias, ahead, aheadStep, panel, coming);
                break;
            case 7:
                Run<TileRows7, TKind>(shape, a, b, c, bias, ahead, aheadStep, panel, coming);
                break;
            case 8:
                Run<TileRows8, TKind>(shape, a, b, c, bias, ahead, aheadStep, panel, coming);
                break;
            case 9:
                Run<TileRows9, TKind>(shape, a, b, c, bias, ahead, aheadStep, panel, coming);
                break;
            case 10:
                Run<TileRows10, TKind>(shape, a, b, c, bias, ahead, aheadStep, panel, coming);
                break;
            case 11:
                Run<TileRows11, TKind>(shape, a, b, c, bias, ahead, aheadStep, panel, coming);
                break;
            case 12:
                Run<TileRows12, TKind>(shape, a, b, c, bias, ahead, aheadStep, panel, coming);
                break;
            case 13:
                Run<TileRows13, TKind>(shape, a, b, c, bias, ahead, aheadStep, panel, coming);
                break;
            case 14:
                Run<TileRows14, TKind>(shape, a, b, c, bias, ahead, aheadStep, panel, coming);
                break;
        }
    }
}
