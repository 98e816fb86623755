namespace NanoNet.Kernels.Ilgpu;

/// <summary>
/// The size of a product's tile: a group of Side × Side threads computes 4·Side × 4·Side results, 4 × 4 a thread, and
/// reads its operands Side deep at a time. Whatever the side, each thread then fetches four elements of each operand a
/// step.
/// </summary>
internal interface ITile
{
    /// <summary>Threads along each side of the tile.</summary>
    static abstract int Side { get; }
}

/// <summary>64 × 64 results by 256 threads: for large products on a GPU.</summary>
internal readonly struct LargeTile : ITile
{
    /// <inheritdoc/>
    public static int Side => 16;
}

/// <summary>
/// 32 × 32 results by 64 threads: where large tiles would be half empty, or too few to keep a GPU busy.
/// </summary>
internal readonly struct MediumTile : ITile
{
    /// <inheritdoc/>
    public static int Side => 8;
}

/// <summary>16 × 16 results by 16 threads: for ILGPU's CPU accelerator, whose groups are no larger.</summary>
internal readonly struct SmallTile : ITile
{
    /// <inheritdoc/>
    public static int Side => 4;
}
