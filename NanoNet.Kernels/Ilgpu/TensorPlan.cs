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

    /// <summary><see cref="BroadTensorTile"/>; with one product only.</summary>
    Broad,
}

/// <summary>How a product is laid over a GPU's tensor cores: the tile and the cut that should take the least time.</summary>
/// <remarks>
/// <para>What a multiprocessor waits for is its first-level cache, which is its shared memory too. A step of a warp takes
/// as many turns of it as there are pieces of 128 bytes in what eight threads read or write at a time; of the time of a
/// step that was three quarters on an H200, with tiles of two sizes. With 16-byte reads from memory of eight threads that
/// need two lines (depths are neighbours) or one, a step of a group is to take
/// <code>
/// (8 or 4 for a read from memory + 4 for each of shared memory + 4 for each write there) · reads · warps / 0.75
/// </code>
/// cycles: those of <see cref="Tile.Cycles"/>. A group alone waits for memory, about 800 cycles a step.</para>
/// <para>Like <see cref="ProductPlan"/>, and for its reason, the plan follows from sizes alone, for the same GPU.</para>
/// </remarks>
/// <param name="Size">The tile.</param>
/// <param name="Splits">How many parts of the depth are summed by different groups, to be added in a second
/// pass.</param>
internal readonly record struct TensorPlan(TensorTileSize Size, int Splits)
{
    private const int LeastCyclesOfStep = 800;
    private const int Step = 16;

    // A shallower part is not worth the second pass, which costs its launch and what it reads and what was written for it:
    // some 14 bytes a cycle and multiprocessor, from a cache that all share.
    private const int ShallowestSplit = 128;
    private const int MostSplits = 16;
    private const int ShallowestProduct = 64;
    private const long CyclesOfLaunch = 4_000;
    private const long BytesPerCycle = 14 * ProductPlan.Multiprocessors;

    private static readonly Tile[] s_tf32 =
    [
        new(TensorTileSize.Medium, 64, 64, 384), new(TensorTileSize.Large, 128, 128, 768),
        new(TensorTileSize.Broad, 128, 256, 1_280),
    ];

    private static readonly Tile[] s_split =
    [
        new(TensorTileSize.Medium, 64, 64, 640), new(TensorTileSize.Tall, 128, 64, 980),
    ];

    /// <summary>Plans a product.</summary>
    /// <param name="rows">Rows of the result.</param>
    /// <param name="columns">Columns of the result.</param>
    /// <param name="depth">How much is summed over.</param>
    /// <param name="precision">Not float32.</param>
    public static TensorPlan Create(int rows, int columns, int depth, Precision precision)
    {
        TensorPlan best = default;
        long least = long.MaxValue;
        foreach (var tile in precision == Precision.Tf32 ? s_tf32 : s_split)
        {
            int most = Math.Clamp(depth / ShallowestSplit, 1, MostSplits);
            for (int splits = 1; splits <= most; splits++)
            {
                long cycles = tile.CyclesOf(rows, columns, depth, splits);
                if (cycles < least)
                {
                    least = cycles;
                    best = new(tile.Size, splits);
                }
            }
        }

        return best;
    }

    /// <summary>
    /// Whether a product is for tensor cores at all: thin ones would leave half of each tile empty, and shallow ones are
    /// done before it matters how fast they multiply. 32 deep, for the gradient of a dense kernel, the smaller tiles of
    /// <see cref="ProductPlan"/> took 3.7 to 4.7 µs on an H200, these 4.9 to 5.0.
    /// </summary>
    public static bool Takes(int rows, int columns, int depth) =>
        Math.Min(rows, columns) > MediumTensorTile.Rows / 2 && depth >= ShallowestProduct;

    private readonly record struct Tile(TensorTileSize Size, int Rows, int Columns, int Cycles)
    {
        public long CyclesOf(int rows, int columns, int depth, int splits)
        {
            long groups = RoundsOf(rows, Rows) * RoundsOf(columns, Columns) * splits;
            long steps = RoundsOf(RoundsOf(depth, Step), splits);
            long products = steps * Math.Max(LeastCyclesOfStep, RoundsOf(groups, ProductPlan.Multiprocessors) * Cycles);
            long partBytes = 2L * sizeof(float) * rows * columns * splits;
            return splits == 1 ? products : products + CyclesOfLaunch + partBytes / BytesPerCycle;
        }

        private static long RoundsOf(long count, long size) => (count + size - 1) / size;
    }
}
