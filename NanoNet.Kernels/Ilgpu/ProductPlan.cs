namespace NanoNet.Kernels.Ilgpu;

/// <summary>The tiles of <see cref="ITile"/> by name.</summary>
internal enum TileSize
{
    /// <summary><see cref="TinyTile"/>.</summary>
    Tiny,

    /// <summary><see cref="SmallTile"/>.</summary>
    Small,

    /// <summary><see cref="MediumTile"/>.</summary>
    Medium,

    /// <summary><see cref="LargeTile"/>.</summary>
    Large,
}

/// <summary>How a product is laid over a GPU: its tile, and into how many parts its depth is cut.</summary>
/// <remarks>
/// <list type="table">
/// <listheader><term>tile</term><description>results, threads, and what takes it</description></listheader>
/// <item><term>large</term><description>128 × 128 by 256 threads, 8 × 8 each: products with tiles, or parts of tiles
/// that are deep enough, for three quarters of the GPU, when loads can be wide</description></item>
/// <item><term>medium</term><description>64 × 64 by 128 threads, 8 × 4 each: products with more than 32 rows and columns
/// that can be cut into enough groups, and all other convolutions</description></item>
/// <item><term>small</term><description>32 × 32 by 256 threads, 4 × 4 each in four slices: all other matrix
/// products</description></item>
/// <item><term>tiny</term><description>16 × 16 by 16 threads, 4 × 4 each: devices whose groups are too small for the
/// rest</description></item>
/// </list>
/// A larger tile does more multiply-adds for each element it loads; a smaller one, and a cut depth, make more groups. A
/// convolution spends up to twenty instructions a step on finding its patches, which a small tile has too few
/// multiply-adds for. The plan follows from the sizes alone, not from the device at hand: sums must be cut alike
/// everywhere.
/// <para>On an H200 two large groups on a multiprocessor take 1.5 µs for a step of eight: 45 TFLOP/s. One medium group
/// takes 0.66 µs, two 0.70, three 0.9, and five, which is all that fits, 1.2: 13, 25, 29 and 36 TFLOP/s. The first few
/// wait for memory, each as if it were alone. So a product of 1024 × 1024 × 1024, which is 64 large tiles, is better off
/// with their depth cut in four, though 16 MB of parts pass through the second-level cache, than with 256 medium ones.
/// </para>
/// </remarks>
/// <param name="Tile">The tile.</param>
/// <param name="Splits">How many parts of the depth are summed by different groups, to be added in a second
/// pass.</param>
internal readonly record struct ProductPlan(TileSize Tile, int Splits)
{
    /// <summary>The multiprocessors of the GPU in mind: each has four schedulers that want up to four warps to switch
    /// between.</summary>
    internal const int Multiprocessors = 132;

    private const int EnoughThreads = Multiprocessors * 4 * 4 * 32;

    // A multiprocessor holds two of the largest tiles.
    private const int MostLargeTiles = Multiprocessors * 2;

    // Enough of the largest tiles.
    private const int EnoughLargeTiles = MostLargeTiles * 3 / 4;

    // Fewer medium tiles than three a multiprocessor leave it waiting for memory.
    private const int EnoughMediumTiles = Multiprocessors * 3;

    private const double FullEnough = 0.9;

    // A shallower split is not worth the second pass.
    private const int ShallowestSplit = 128;

    // Nor is a cut that spares a group less: the pass takes four microseconds, as eight steps of a small tile do, 32 deep.
    private const int LeastSpared = 256;

    // Nor a shallower part of a large tile, though the pass takes no longer than a depth of 36 there, or of one of many
    // products: they have work for most of the GPU without.
    private const int ShallowestPart = 256;

    /// <summary>Plans a product.</summary>
    /// <param name="rows">Rows of the result.</param>
    /// <param name="columns">Columns of the result.</param>
    /// <param name="depth">How much is summed over.</param>
    /// <param name="isWide">Whether operands can be read four elements at a time.</param>
    /// <param name="group">The most threads that the device has in a group.</param>
    /// <param name="least">The smallest tile to take on a device that has a choice.</param>
    /// <param name="most">The largest tile to take.</param>
    public static ProductPlan Create(
        int rows, int columns, int depth, bool isWide, int group,
        TileSize least = TileSize.Small, TileSize most = TileSize.Large)
    {
        if (group < TileLayout<MediumTile>.Group)
        {
            return Split<TinyTile>(TileSize.Tiny, rows, columns, depth);
        }

        int splits = LargeSplits(rows, columns, depth);
        if (splits > 0 && most == TileSize.Large && isWide && Fits<LargeTile>(group))
        {
            return new(TileSize.Large, splits);
        }

        var medium = Split<MediumTile>(TileSize.Medium, rows, columns, depth);
        long groups = Tiles<MediumTile>(rows, columns) * medium.Splits;
        bool isThin = Math.Min(rows, columns) <= SmallTile.Rows;
        return least == TileSize.Small && Fits<SmallTile>(group) && (isThin || groups < Multiprocessors)
            ? Split<SmallTile>(TileSize.Small, rows, columns, depth)
            : medium;
    }

    /// <summary>The tile for so many products of one size, which are many groups without cutting any depth.</summary>
    public static TileSize TileOfParts(int rows, int columns, int parts, bool isWide, int group)
    {
        bool isLarge = isWide && FillsLarge(rows, columns)
            && parts * Tiles<LargeTile>(rows, columns) >= EnoughLargeTiles;
        return group < TileLayout<MediumTile>.Group ? TileSize.Tiny
            : isLarge && Fits<LargeTile>(group) ? TileSize.Large
            : TileSize.Medium;
    }

    /// <summary>
    /// Into how many equal parts to cut the depth of so many products of one size, all the same: halved until they are
    /// enough groups.
    /// </summary>
    public static int SplitsOfParts(int rows, int columns, int depth, int parts)
    {
        int splits = 1;
        while (parts * splits * Tiles<MediumTile>(rows, columns) < EnoughMediumTiles
            && depth % (2 * splits) == 0 && depth / (2 * splits) >= ShallowestPart)
        {
            splits *= 2;
        }

        return splits;
    }

    /// <summary>The same plan with a tile between two. The tiny one, for devices without a choice, stays.</summary>
    public ProductPlan Within(TileSize least, TileSize most) => Tile == TileSize.Tiny
        ? this
        : this with { Tile = (TileSize)Math.Clamp((int)Tile, (int)least, (int)most) };

    /// <summary>Into how many parts to cut a depth.</summary>
    /// <remarks>
    /// Groups are dealt out to multiprocessors in rounds. The depth is cut until there are two rounds, one to work while
    /// the other waits, and the last is not nearly empty; for each part has to be written and read once more, no further.
    /// </remarks>
    /// <param name="tiles">Tiles of the result.</param>
    /// <param name="threads">Threads of a group.</param>
    /// <param name="depth">The depth.</param>
    public static int SplitsFor(long tiles, int threads, int depth)
    {
        long most = Math.Min(EnoughThreads / (tiles * threads), depth / ShallowestSplit);
        int best = 1;
        for (int splits = 1; splits <= most; splits++)
        {
            long groups = tiles * splits;
            if (Fullness(groups) > Fullness(tiles * best))
            {
                best = splits;
            }

            if (groups > Multiprocessors && Fullness(groups) >= FullEnough)
            {
                best = splits;
                break;
            }
        }

        return depth - depth / best < LeastSpared ? 1 : best;
    }

    // Parts of the depth that fill the GPU with large tiles, or 0: there are too few, or no depth for more.
    private static int LargeSplits(int rows, int columns, int depth)
    {
        long tiles = Tiles<LargeTile>(rows, columns);
        long splits = Math.Clamp(MostLargeTiles / tiles, 1, Math.Max(1, depth / ShallowestPart));
        return FillsLarge(rows, columns) && tiles * splits >= EnoughLargeTiles ? (int)splits : 0;
    }

    // Medium tiles do two thirds of what large ones do, and waste less where a result ends within a tile.
    private static bool FillsLarge(int rows, int columns) =>
        3L * rows * columns >= 2L * LargeTile.Rows * LargeTile.Columns * Tiles<LargeTile>(rows, columns);

    private static bool Fits<TTile>(int group) where TTile : struct, ITile => TileLayout<TTile>.Group <= group;

    private static long Tiles<TTile>(int rows, int columns) where TTile : struct, ITile =>
        (rows + TTile.Rows - 1L) / TTile.Rows * ((columns + TTile.Columns - 1L) / TTile.Columns);

    private static ProductPlan Split<TTile>(TileSize tile, int rows, int columns, int depth)
        where TTile : struct, ITile =>
        new(tile, SplitsFor(Tiles<TTile>(rows, columns), TileLayout<TTile>.Group, depth));

    // How much of the multiprocessors' time in all rounds is taken.
    private static double Fullness(long groups) =>
        (double)groups / ((groups + Multiprocessors - 1) / Multiprocessors * Multiprocessors);
}
