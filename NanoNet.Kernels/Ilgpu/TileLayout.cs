namespace NanoNet.Kernels.Ilgpu;

/// <summary>What follows from a tile's sizes: how its threads and its slabs in shared memory lie.</summary>
/// <remarks>
/// A slab holds one operand of one step, [depth, rows or columns] of one slice, in units of four floats. Its rows are
/// one unit longer than they need be, so that threads which store a column of it hit different banks.
/// </remarks>
internal static class TileLayout<TTile> where TTile : struct, ITile
{
    // Threads of a warp that share rows read each 16-byte piece of shared memory together. A patch of 4 × 8 threads
    // reads the fewest different bytes.
    private const int PatchDown = 4;
    private const int PatchAcross = 8;

    /// <summary>Threads along a row of the tile.</summary>
    public static int Across => TTile.Columns / (TTile.IsBroad ? 8 : 4);

    /// <summary>Threads along a column of the tile.</summary>
    public static int Down => TTile.Rows / (TTile.IsTall ? 8 : 4);

    /// <summary>Threads of a slice.</summary>
    public static int Threads => Across * Down;

    /// <summary>Threads of a group.</summary>
    public static int Group => Threads * TTile.Slices;

    /// <summary>How deep a group reads its operands a step.</summary>
    public static int Step => TTile.Depth * TTile.Slices;

    /// <summary>From one depth to the next in the slab of an operand with so many rows or columns.</summary>
    public static int Pitch(int size) => size / 4 + 1;

    /// <summary>The slabs of a group for one step: those of the first operand, then those of the second.</summary>
    public static int Slabs => FirstSlabB + Step * Pitch(TTile.Columns);

    /// <summary>Where the slabs of the second operand start.</summary>
    public static int FirstSlabB => Step * Pitch(TTile.Rows);

    /// <summary>This thread's slice.</summary>
    public static int Slice => ILGPU.Group.IdxX / Threads;

    /// <summary>This thread among those of its slice.</summary>
    public static int Thread => ILGPU.Group.IdxX % Threads;

    /// <summary>Which row of its slice's threads this thread is in.</summary>
    public static int ThreadRow => Across < PatchAcross
        ? Thread / Across
        : Thread / (PatchDown * Across) * PatchDown + Thread / PatchAcross % PatchDown;

    /// <summary>Which column of its slice's threads this thread is in.</summary>
    public static int ThreadColumn => Across < PatchAcross
        ? Thread % Across
        : Thread / (PatchDown * PatchAcross) % (Across / PatchAcross) * PatchAcross + Thread % PatchAcross;
}
