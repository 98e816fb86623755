using ILGPU;
using Floats = ILGPU.ArrayView<float>;

namespace NanoNet.Kernels.Ilgpu;

/// <summary>
/// Which four elements of an operand's slab a thread copies to shared memory. Neighbouring threads take neighbours in
/// memory: either four rows at one depth, or one row at four depths.
/// </summary>
internal readonly struct Fetch<TTile, TOperand>
    where TTile : struct, ITile
    where TOperand : struct, IOperand
{
    private readonly Place _outer0;
    private readonly Place _outer1;
    private readonly Place _outer2;
    private readonly Place _outer3;

    private Fetch(Place outer0, Place outer1, Place outer2, Place outer3)
    {
        _outer0 = outer0;
        _outer1 = outer1;
        _outer2 = outer2;
        _outer3 = outer3;
    }

    /// <summary>This thread's part of every slab of the tile that starts at an outer index.</summary>
    public static Fetch<TTile, TOperand> At(TOperand operand, int first)
    {
        if (TOperand.DepthIsContiguous)
        {
            int outer = first + Group.IdxX / TTile.Side;
            return new(operand.Outer(outer), operand.Outer(outer + TTile.Side),
                operand.Outer(outer + 2 * TTile.Side), operand.Outer(outer + 3 * TTile.Side));
        }

        var place = operand.Outer(first + Group.IdxX % (4 * TTile.Side));
        return new(place, place, place, place);
    }

    /// <summary>This thread's elements of the slab that starts at a depth.</summary>
    public Float4 Load(TOperand operand, Floats source, int depth)
    {
        if (TOperand.DepthIsContiguous)
        {
            var place = operand.Depth(depth + Group.IdxX % TTile.Side);
            return new(operand.Load(source, _outer0, place), operand.Load(source, _outer1, place),
                operand.Load(source, _outer2, place), operand.Load(source, _outer3, place));
        }

        depth += Group.IdxX / (4 * TTile.Side);
        return new(operand.Load(source, _outer0, operand.Depth(depth)),
            operand.Load(source, _outer0, operand.Depth(depth + TTile.Side / 4)),
            operand.Load(source, _outer0, operand.Depth(depth + 2 * (TTile.Side / 4))),
            operand.Load(source, _outer0, operand.Depth(depth + 3 * (TTile.Side / 4))));
    }

    /// <summary>Puts this thread's elements where they belong in the slab.</summary>
    public static void Store(Floats slab, Float4 values)
    {
        int pitch = 4 * (TTile.Side + 1);
        if (TOperand.DepthIsContiguous)
        {
            int place = Group.IdxX % TTile.Side * pitch + Group.IdxX / TTile.Side;
            slab[place] = values.X;
            slab[place + TTile.Side] = values.Y;
            slab[place + 2 * TTile.Side] = values.Z;
            slab[place + 3 * TTile.Side] = values.W;
        }
        else
        {
            int place = Group.IdxX / (4 * TTile.Side) * pitch + Group.IdxX % (4 * TTile.Side);
            slab[place] = values.X;
            slab[place + TTile.Side / 4 * pitch] = values.Y;
            slab[place + 2 * (TTile.Side / 4) * pitch] = values.Z;
            slab[place + 3 * (TTile.Side / 4) * pitch] = values.W;
        }
    }
}
