using ILGPU;

namespace NanoNet.Kernels.Ilgpu;

/// <summary>
/// Where the depths of a part of a sum are in both operands of a product: taken apart for the whole group, by one thread
/// each, and kept in shared memory. Without it every thread divides in every step, at a depth that it has in common with
/// others.
/// </summary>
/// <remarks>
/// There are two tables: while threads read the places of one part, some of them write those of the next. The barrier at
/// the end of each step lies between writing a table and reading it, and between that and writing it again.
/// </remarks>
/// <param name="shared">The product's slabs, and behind them memory for both tables, <see cref="Size"/> of it.</param>
internal struct DepthTable<TTile, TWidth, TA, TB>(ArrayView<Float4> shared)
    where TTile : struct, ITile
    where TWidth : struct, IWidth
    where TA : struct, IOperand
    where TB : struct, IOperand
{
    private readonly ArrayView<Places> _places = shared.Cast<Places>();
    private int _table;
    private int _shift;

    /// <summary>
    /// Whether a product has one: if it reads an image, sums in parts, and has operands of a kind, which share a depth
    /// and so one look into the table. Two would take more registers than there are.
    /// </summary>
    public static bool IsUsed =>
        TA.HasOutside && TTile.StepsPerPartial > 0 && TA.DepthIsContiguous == TB.DepthIsContiguous;

    /// <summary>What it takes of shared memory, in units of four floats.</summary>
    public static int Size => IsUsed ? 2 * Part : 0;

    private static int First => 2 * TileLayout<TTile>.Slabs;

    private static int Part => TTile.StepsPerPartial * TileLayout<TTile>.Step;

    /// <summary>Writes the places of the next part, to be read after a barrier.</summary>
    /// <param name="a">The first operand.</param>
    /// <param name="b">The second operand.</param>
    /// <param name="first">The part's first depth.</param>
    /// <param name="end">Where the depth ends: in place of a step from there on comes the last once more.</param>
    public readonly void Prepare(TA a, TB b, int first, int end)
    {
        if (!IsUsed)
        {
            return;
        }

        for (int i = Group.IdxX; i < Part; i += TileLayout<TTile>.Group)
        {
            int depth = first + i < end ? first + i : first + i - TileLayout<TTile>.Step;
            _places[First + Part - _table + i] = new(
                Fetch<TTile, TWidth, TA>.TakeApart(a, depth), Fetch<TTile, TWidth, TB>.TakeApart(b, depth));
        }
    }

    /// <summary>Goes on to the next part, which has been prepared, and prepares the one after it.</summary>
    public void Turn(TA a, TB b, int first, int end)
    {
        _table = Part - _table;
        _shift = First + _table - first;
        Prepare(a, b, first + Part, end);
    }

    /// <summary>Where a depth of the part is in the first operand.</summary>
    public readonly Place A(TA a, int depth)
    {
        if (!IsUsed)
        {
            return Fetch<TTile, TWidth, TA>.TakeApart(a, depth);
        }

        var places = _places[depth + _shift];
        return new(places.OffsetA, places.Y, places.X);
    }

    /// <summary>Where it is in the second.</summary>
    public readonly Place B(TB b, int depth) => IsUsed
        ? new(_places[depth + _shift].OffsetB)
        : Fetch<TTile, TWidth, TB>.TakeApart(b, depth);

    // Read in one 16-byte piece. The second operand is never an image.
    private readonly struct Places(Place a, Place b)
    {
        public readonly int OffsetA = a.Offset;
        public readonly int Y = a.Y;
        public readonly int X = a.X;
        public readonly int OffsetB = b.Offset;
    }
}
