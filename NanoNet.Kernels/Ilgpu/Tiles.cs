namespace NanoNet.Kernels.Ilgpu;

/// <summary>
/// The size of a product's tile: a group computes Rows × Columns results, a thread 4 or 8 rows by 4 or 8 columns of
/// them, and each slice of the group reads its operands Depth deep at a time.
/// </summary>
/// <remarks>
/// Whatever the tile, each thread fetches four elements of each operand a step, in one 16-byte load: Rows · Depth / 4
/// and Columns · Depth / 4 are both the number of threads of a slice. That leaves few shapes, and makes all of them one
/// loop.
/// </remarks>
internal interface ITile
{
    /// <summary>Rows of the tile.</summary>
    static abstract int Rows { get; }

    /// <summary>Columns of the tile.</summary>
    static abstract int Columns { get; }

    /// <summary>How deep a slice reads its operands a step.</summary>
    static abstract int Depth { get; }

    /// <summary>
    /// Parts of a group that each sum a share of the depth, for the same results, which they add up in the end: a power
    /// of two. A product with few results has its depth to keep threads busy with.
    /// </summary>
    static abstract int Slices { get; }

    /// <summary>Whether a thread has 8 rows, not 4.</summary>
    static abstract bool IsTall { get; }

    /// <summary>Whether a thread has 8 columns, not 4.</summary>
    static abstract bool IsBroad { get; }

    /// <summary>
    /// How much of its depth a slice sums before the results go to a second set of registers.
    /// </summary>
    /// <remarks>
    /// Sums in parts of L of a depth K, all of a size, are off by √(L/2) units of rounding in the parts and √(K/2L) in
    /// adding these up: least, in total, at L = √K. The convolutions that this is for are 576 to 2,304 deep, so 32: off
    /// by five units at 576 where a whole sum is off by seventeen.
    /// </remarks>
    const int PartialDepth = 32;

    /// <summary>
    /// After how many steps results go to a second set of registers, which keeps sums short and rounding errors small;
    /// 0 where there are no registers for that.
    /// </summary>
    static abstract int StepsPerPartial { get; }
}

/// <summary>
/// 128 × 128 results by 256 threads, 8 × 8 each: 64 multiply-adds for four 16-byte loads from shared memory, the most
/// that fits in the 128 registers which let a multiprocessor hold two groups.
/// </summary>
internal readonly struct LargeTile : ITile
{
    /// <inheritdoc/>
    public static int Rows => 128;

    /// <inheritdoc/>
    public static int Columns => 128;

    /// <inheritdoc/>
    public static int Depth => 8;

    /// <inheritdoc/>
    public static int Slices => 1;

    /// <inheritdoc/>
    public static bool IsTall => true;

    /// <inheritdoc/>
    public static bool IsBroad => true;

    /// <inheritdoc/>
    public static int StepsPerPartial => 0;
}

/// <summary>64 × 64 results by 128 threads, 8 × 4 each: for products with too few results for large tiles.</summary>
internal readonly struct MediumTile : ITile
{
    /// <inheritdoc/>
    public static int Rows => 64;

    /// <inheritdoc/>
    public static int Columns => 64;

    /// <inheritdoc/>
    public static int Depth => 8;

    /// <inheritdoc/>
    public static int Slices => 1;

    /// <inheritdoc/>
    public static bool IsTall => true;

    /// <inheritdoc/>
    public static bool IsBroad => false;

    /// <inheritdoc/>
    public static int StepsPerPartial => ITile.PartialDepth / Depth;
}

/// <summary>
/// 32 × 32 results by 256 threads, 4 × 4 each in four slices: for thin products, and for those so small that only the
/// depth has work for a whole GPU, such as a dense layer at batch 32.
/// </summary>
internal readonly struct SmallTile : ITile
{
    /// <inheritdoc/>
    public static int Rows => 32;

    /// <inheritdoc/>
    public static int Columns => 32;

    /// <inheritdoc/>
    public static int Depth => 8;

    /// <inheritdoc/>
    public static int Slices => 4;

    /// <inheritdoc/>
    public static bool IsTall => false;

    /// <inheritdoc/>
    public static bool IsBroad => false;

    /// <inheritdoc/>
    public static int StepsPerPartial => ITile.PartialDepth / Depth;
}

/// <summary>16 × 16 results by 16 threads: for ILGPU's CPU accelerator, whose groups are no larger.</summary>
internal readonly struct TinyTile : ITile
{
    /// <inheritdoc/>
    public static int Rows => 16;

    /// <inheritdoc/>
    public static int Columns => 16;

    /// <inheritdoc/>
    public static int Depth => 4;

    /// <inheritdoc/>
    public static int Slices => 1;

    /// <inheritdoc/>
    public static bool IsTall => false;

    /// <inheritdoc/>
    public static bool IsBroad => false;

    /// <inheritdoc/>
    public static int StepsPerPartial => ITile.PartialDepth / Depth;
}
