using ILGPU;
using Floats = ILGPU.ArrayView<float>;

namespace NanoNet.Kernels.Ilgpu;

/// <summary>
/// Which elements of an operand's slab a thread copies to shared memory for tensor cores, rounding them on the way, and
/// in which order: four depths of two rows where depths are neighbours in memory, else two depths of four rows; and the
/// same once more 64 rows below, where there are as many.
/// </summary>
/// <remarks>
/// All loads are of 16 bytes: an operand that does not allow these goes to the portable product. Rows beyond the last read
/// the last once more, and only the first step may be short, as in <see cref="Fetch{TTile, TWidth, TOperand}"/>.
/// </remarks>
internal readonly struct TensorFetch<TTile, TPrecision, TOperand, TSide>
    where TTile : struct, ITensorTile
    where TPrecision : struct, ITensorPrecision
    where TOperand : struct, IOperand
    where TSide : struct, ITensorSide
{
    private const int Apart = 64;
    private const int FourWarps = 128;

    private readonly int _depth;
    private readonly int _place;
    private readonly int _next;
    private readonly Place _outer0;
    private readonly Place _outer1;
    private readonly Place _outer2;
    private readonly Place _outer3;

    private TensorFetch(int depth, int place, int next, Place outer0, Place outer1, Place outer2, Place outer3)
    {
        _depth = depth;
        _place = place;
        _next = next;
        _outer0 = outer0;
        _outer1 = outer1;
        _outer2 = outer2;
        _outer3 = outer3;
    }

    private static int Size => TSide.Size<TTile>();

    // Four warps copy so much of a slab.
    private static int Share => Size / (TensorLayout<TTile, TPrecision>.Warps / 4);

    private static bool IsLarge => Share > Apart;

    /// <summary>This thread's part of every slab of a tile.</summary>
    /// <param name="operand">The operand.</param>
    /// <param name="first">The tile's first row or column.</param>
    /// <param name="count">Rows or columns of the whole result.</param>
    public static TensorFetch<TTile, TPrecision, TOperand, TSide> At(TOperand operand, int first, int count)
    {
        int thread = Group.IdxX % FourWarps;
        int mine = Group.IdxX / FourWarps * Share;
        first += mine;
        int start = TSide.First<TTile, TPrecision>() + TensorLayout<TTile, TPrecision>.Plane(mine);
        if (TOperand.DepthIsContiguous)
        {
            int four = thread & 3;
            int rows = thread >> 2;
            int row = first + 2 * rows;
            int place = start + TensorLayout<TTile, TPrecision>.Place(rows, four);
            return new(
                4 * four,
                place,
                place + TensorLayout<TTile, TPrecision>.Pitch(Size),
                operand.Outer(Math.Min(row, count - 1)),
                operand.Outer(Math.Min(row + 1, count - 1)),
                operand.Outer(Math.Min(row + Apart, count - 1)),
                operand.Outer(Math.Min(row + Apart + 1, count - 1)));
        }

        int fours = (thread & 7) + (thread >> 6) * 8;
        int pair = (thread >> 3) & 3;
        int half = (thread >> 5) & 1;
        start += half * TensorLayout<TTile, TPrecision>.Pitch(Size);
        var upper = operand.Outer(Math.Min(first + 4 * fours, count - 4));
        var lower = operand.Outer(Math.Min(first + 4 * fours + Apart, count - 4));
        return new(
            4 * pair + 2 * half,
            start + TensorLayout<TTile, TPrecision>.Place(2 * fours, pair),
            start + TensorLayout<TTile, TPrecision>.Place(2 * fours + 1, pair),
            upper, upper, lower, lower);
    }

    /// <summary>This thread's elements of the first slab, which goes from one depth to another and may be short.</summary>
    public LoadedFours LoadFirst(TOperand operand, Floats source, int depth, int end)
    {
        int mine = depth + _depth;
        if (mine >= end)
        {
            return default;
        }

        // Where depths are no neighbours, a thread's second one may be the first that is too much.
        if (TOperand.DepthIsContiguous || mine + 1 < end)
        {
            return Load(operand, source, depth);
        }

        var place = operand.Depth(mine);
        return new(
            LoadFour(operand, source, _outer0, place), default,
            IsLarge ? LoadFour(operand, source, _outer2, place) : default, default);
    }

    /// <summary>This thread's elements of the slab that starts at a depth.</summary>
    public LoadedFours Load(TOperand operand, Floats source, int depth)
    {
        var place = operand.Depth(depth + _depth);
        var next = TOperand.DepthIsContiguous ? place : operand.Depth(depth + _depth + 1);
        return new(
            LoadFour(operand, source, _outer0, place),
            LoadFour(operand, source, _outer1, next),
            IsLarge ? LoadFour(operand, source, _outer2, place) : default,
            IsLarge ? LoadFour(operand, source, _outer3, next) : default);
    }

    /// <summary>Rounds this thread's elements and puts them where they belong.</summary>
    /// <param name="slabs">The slabs of a step.</param>
    /// <param name="loaded">The elements.</param>
    public void Store(ArrayView<Float4> slabs, LoadedFours loaded)
    {
        Store(slabs, loaded.First, loaded.Second);
        if (IsLarge)
        {
            const int Offset = Apart / 2 * TensorLayout<TTile, TPrecision>.PairsOfDepths;
            Store(slabs.SubView(Offset), loaded.Third, loaded.Fourth);
        }
    }

    // A fragment by (row, depth): first (0, 0), (0, 1), (1, 0), (1, 1), then as its side wants it.
    private void Store(ArrayView<Float4> slabs, Float4 first, Float4 second)
    {
        int plane = TensorLayout<TTile, TPrecision>.Plane(Size);
        if (TOperand.DepthIsContiguous)
        {
            TPrecision.Store(slabs, _place, plane, TSide.Order(new(first.X, first.Y, second.X, second.Y)));
            TPrecision.Store(slabs, _next, plane, TSide.Order(new(first.Z, first.W, second.Z, second.W)));
            return;
        }

        TPrecision.Store(slabs, _place, plane, TSide.Order(new(first.X, second.X, first.Y, second.Y)));
        TPrecision.Store(slabs, _next, plane, TSide.Order(new(first.Z, second.Z, first.W, second.W)));
    }

    private static Float4 LoadFour(TOperand operand, Floats source, Place outer, Place depth) =>
        !TOperand.HasOutside || operand.IsInside(outer, depth)
            ? Float4.Load(source, operand.Find(outer, depth))
            : default;
}

/// <summary>What a thread has loaded for one step.</summary>
internal readonly record struct LoadedFours(Float4 First, Float4 Second, Float4 Third, Float4 Fourth);
