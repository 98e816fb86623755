using NanoNet.Core.Autograd;
using NanoNet.Core.Errors;
using NanoNet.Core.Tensors;
using NanoNet.Kernels.Formulas;
using NanoNet.Kernels.Geometry;

namespace NanoNet.Core.Ops;

/// <content>The same elements seen otherwise.</content>
public static partial class Op
{
    /// <summary>The same elements under another shape; one size may be −1 and is worked out. No copy.</summary>
    /// <exception cref="ShapeException">The sizes do not hold as many elements as there are.</exception>
    public static Tensor Reshape(Tensor x, params ReadOnlySpan<int> sizes)
    {
        var y = x.View(ResolveSizes(x.Shape, sizes));
        GradientTape.Record(y, [x], (tape, dy) => tape.Accumulate(x, Reshape(dy, x.Shape.Sizes)));
        return y;
    }

    /// <summary>The axes in another order (y's axis i is x's axis axes[i]); without arguments, reversed. Copies.</summary>
    /// <exception cref="ShapeException">The axes are no permutation.</exception>
    public static Tensor Transpose(Tensor x, params ReadOnlySpan<int> axes)
    {
        int rank = x.Shape.Rank;
        int[] order = axes.IsEmpty ? [.. Enumerable.Range(0, rank).Reverse()] : axes.ToArray();
        if (!order.Order().SequenceEqual(Enumerable.Range(0, rank)))
        {
            throw ShapeException.Create(nameof(Transpose), $"a permutation of the {rank} axes of {x.Shape}", $"({string.Join(", ", order)})");
        }

        int[] strides = new int[rank];
        for (int axis = rank - 1, stride = 1; axis >= 0; stride *= x.Shape[axis--])
        {
            strides[axis] = stride;
        }

        int[] sizes = Array.ConvertAll(order, axis => x.Shape[axis]);
        int[] permuted = Array.ConvertAll(order, axis => strides[axis]);
        var y = Tensor.Allocate(x.Device, new Shape(sizes));
        x.Backend.Binary<First>(y.Buffer, x.Buffer, x.Buffer, BroadcastGeometry.FromStrides(sizes, permuted, permuted));
        GradientTape.Record(y, [x], (tape, dy) =>
        {
            int[] inverse = new int[rank];
            for (int i = 0; i < rank; i++)
            {
                inverse[order[i]] = i;
            }

            tape.Accumulate(x, Transpose(dy, inverse));
        });
        return y;
    }

    private static Shape ResolveSizes(Shape shape, ReadOnlySpan<int> sizes)
    {
        Span<int> resolved = stackalloc int[sizes.Length];
        sizes.CopyTo(resolved);
        int unknown = sizes.IndexOf(-1);
        long known = 1;
        for (int i = 0; i < resolved.Length; i++)
        {
            known *= i == unknown ? 1 : resolved[i];
        }

        if (unknown >= 0 && known > 0 && shape.Count % known == 0)
        {
            resolved[unknown] = (int)(shape.Count / known);
            known = shape.Count;
        }

        return known == shape.Count && !resolved.ContainsAnyInRange(int.MinValue, 0)
            ? new Shape(resolved)
            : throw ShapeException.Create(nameof(Reshape), $"sizes that hold the {shape.Count:N0} elements of {shape}",
                $"({string.Join(", ", sizes.ToArray())})");
    }
}
