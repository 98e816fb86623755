using ILGPU;
using Floats = ILGPU.ArrayView<float>;

namespace NanoNet.Kernels.Ilgpu;

/// <summary>
/// Which four elements of an operand's slab a thread copies to shared memory. If loads are wide, four neighbours in
/// memory: at four depths of one row, or at one depth of four rows (or columns). If not, four rows at one depth, a
/// quarter of the tile apart, so that neighbouring threads take neighbours in memory.
/// </summary>
/// <remarks>
/// Rows and columns beyond the result's last read the last once more: what comes of them is not stored. So only the
/// depth has an end to look out for, and only the first step looks: it takes what is over, the others are full.
/// </remarks>
internal readonly struct Fetch<TTile, TWidth, TOperand>
    where TTile : struct, ITile
    where TWidth : struct, IWidth
    where TOperand : struct, IOperand
{
    private readonly int _depth;
    private readonly int _place;
    private readonly Place _outer0;
    private readonly Place _outer1;
    private readonly Place _outer2;
    private readonly Place _outer3;

    // Narrow loads: memory from each outer place on, which makes an address one multiply-add of a depth's offset. That
    // must not be negative, for ILGPU takes an index for unsigned unless it was computed in 64 bits.
    private readonly Floats _from0;
    private readonly Floats _from1;
    private readonly Floats _from2;
    private readonly Floats _from3;

    private Fetch(
        TOperand operand, Floats source, int depth, int place, Place outer0, Place outer1, Place outer2, Place outer3)
    {
        int before = operand.Before + operand.DepthBias;
        _depth = depth;
        _place = place;
        _outer0 = TWidth.IsWide ? new(outer0.Offset - operand.Before, outer0.Y, outer0.X) : outer0;
        _outer1 = outer1;
        _outer2 = outer2;
        _outer3 = outer3;
        _from0 = From(source, outer0, before);
        _from1 = From(source, outer1, before);
        _from2 = From(source, outer2, before);
        _from3 = From(source, outer3, before);
    }

    // What lies before an image is no memory, and ILGPU's CPU accelerator, for which the tiny tile is, insists on memory.
    private static bool HasPointers => !TWidth.IsWide && TTile.Rows > TinyTile.Rows;

    /// <summary>The first of the depths of a step that this thread fetches.</summary>
    /// <param name="size">Rows or columns of the tile.</param>
    public static int FirstDepth(int size)
    {
        int thread = TileLayout<TTile>.Thread;
        int depth = !TOperand.DepthIsContiguous ? thread / (size / 4)
            : TWidth.IsWide ? thread % (TTile.Depth / 4) * 4
            : thread % TTile.Depth;
        return TileLayout<TTile>.Slice * TTile.Depth + depth;
    }

    /// <summary>This thread's part of every slab of a tile.</summary>
    /// <param name="operand">The operand.</param>
    /// <param name="source">Its memory.</param>
    /// <param name="depth">This thread's <see cref="FirstDepth"/>.</param>
    /// <param name="first">The tile's first row or column.</param>
    /// <param name="count">Rows or columns of the whole result.</param>
    /// <param name="size">Rows or columns of the tile.</param>
    /// <param name="slab">Where the operand's slabs start.</param>
    public static Fetch<TTile, TWidth, TOperand> At(
        TOperand operand, Floats source, int depth, int first, int count, int size, int slab)
    {
        int thread = TileLayout<TTile>.Thread;
        int pitch = TileLayout<TTile>.Pitch(size);
        int quarter = size / 4;
        if (TWidth.IsWide && TOperand.DepthIsContiguous)
        {
            int row = thread / (TTile.Depth / 4);
            var place = operand.Outer(Math.Min(first + row, count - 1));
            return new(operand, source, depth, 4 * (slab + depth * pitch) + row, place, place, place, place);
        }

        if (TWidth.IsWide)
        {
            int four = thread % quarter;
            var place = operand.Outer(Math.Min(first + 4 * four, count - 4));
            return new(operand, source, depth, slab + depth * pitch + four, place, place, place, place);
        }

        int start = TOperand.DepthIsContiguous ? thread / TTile.Depth : thread % quarter;
        int outer = first + start;
        return new(
            operand,
            source,
            depth,
            4 * (slab + depth * pitch) + start,
            operand.Outer(Math.Min(outer, count - 1)),
            operand.Outer(Math.Min(outer + quarter, count - 1)),
            operand.Outer(Math.Min(outer + 2 * quarter, count - 1)),
            operand.Outer(Math.Min(outer + 3 * quarter, count - 1)));
    }

    /// <summary>This thread's elements of the first slab, which goes from one depth to another and may be short.</summary>
    public Float4 LoadFirst(TOperand operand, Floats source, int depth, int end) =>
        depth + _depth < end ? Load(operand, source, depth) : default;

    /// <summary>This thread's elements of the slab that starts at a depth.</summary>
    public Float4 Load(TOperand operand, Floats source, int depth) =>
        Load(operand, source, TakeApart(operand, depth + _depth));

    /// <summary>The same where the first of this thread's depths has been taken apart.</summary>
    public Float4 Load(TOperand operand, Floats source, Place depth) => TWidth.IsWide
        ? LoadFour(operand, source, _outer0, depth)
        : new(
            LoadOne(operand, _from0, _outer0, depth), LoadOne(operand, _from1, _outer1, depth),
            LoadOne(operand, _from2, _outer2, depth), LoadOne(operand, _from3, _outer3, depth));

    /// <summary>Where a depth is, as loads want it: with an offset from this thread's pointers where it has them.</summary>
    public static Place TakeApart(TOperand operand, int depth)
    {
        var place = operand.Depth(depth);
        return HasPointers ? new(place.Offset + operand.DepthBias, place.Y, place.X) : place;
    }

    /// <summary>Puts this thread's elements where they belong.</summary>
    /// <param name="slabs">The slabs of a step.</param>
    /// <param name="size">Rows or columns of the tile.</param>
    /// <param name="values">The elements.</param>
    public void Store(ArrayView<Float4> slabs, int size, Float4 values)
    {
        if (TWidth.IsWide && !TOperand.DepthIsContiguous)
        {
            slabs[_place] = values;
            return;
        }

        int next = TWidth.IsWide ? 4 * TileLayout<TTile>.Pitch(size) : size / 4;
        var floats = slabs.Cast<float>().SubView(_place);
        floats[0] = values.X;
        floats[next] = values.Y;
        floats[2 * next] = values.Z;
        floats[3 * next] = values.W;
    }

    // An element outside is not loaded: its register is made zero before, and the load is predicated. To load something
    // in any case and make it zero afterwards would be to wait for it.

    private static Float4 LoadFour(TOperand operand, Floats source, Place outer, Place depth) =>
        !TOperand.HasOutside || operand.IsInside(outer, depth)
            ? Float4.Load(source, outer.Offset + depth.Offset)
            : default;

    private static float LoadOne(TOperand operand, Floats from, Place outer, Place depth) =>
        !TOperand.HasOutside || operand.IsInside(outer, depth)
            ? from[HasPointers ? depth.Offset : operand.Find(outer, depth)]
            : 0;

    private static Floats From(Floats source, Place outer, int before) =>
        HasPointers ? source.SubView(outer.Offset - (long)before) : source;
}
