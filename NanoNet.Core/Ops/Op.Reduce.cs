using NanoNet.Core.Autograd;
using NanoNet.Core.Errors;
using NanoNet.Core.Tensors;
using NanoNet.Kernels;
using NanoNet.Kernels.Formulas;
using NanoNet.Kernels.Geometry;

namespace NanoNet.Core.Ops;

/// <content>Reductions over any axes. Reduced axes disappear; naming none reduces all.</content>
public static partial class Op
{
    /// <summary>The sum over some axes.</summary>
    /// <exception cref="ShapeException">An axis does not exist or is named twice.</exception>
    public static Tensor Sum(Tensor x, params ReadOnlySpan<int> axes) => SumScaled(x, SortedAxes(x, axes, nameof(Sum)), mean: false);

    /// <summary>The mean over some axes.</summary>
    /// <exception cref="ShapeException">An axis does not exist or is named twice.</exception>
    public static Tensor Mean(Tensor x, params ReadOnlySpan<int> axes) => SumScaled(x, SortedAxes(x, axes, nameof(Mean)), mean: true);

    /// <summary>The largest element over some axes. The gradient is shared evenly among equal largest elements.</summary>
    /// <exception cref="ShapeException">An axis does not exist or is named twice.</exception>
    public static Tensor Max(Tensor x, params ReadOnlySpan<int> axes)
    {
        int[] sorted = SortedAxes(x, axes, nameof(Max));
        var y = Reduce(x, sorted, (backend, output, input, geometry) => backend.ReduceMax(output.Buffer, input.Buffer, geometry));
        GradientTape.Record(y, [x], (tape, dy) =>
        {
            var kept = WithKeptAxes(x.Shape, sorted);
            var isLargest = Binary<EqualTo>(x, y.Reshape(kept.Sizes), nameof(Max));
            var share = dy / Sum(isLargest, sorted);
            tape.Accumulate(x, isLargest * share.Reshape(kept.Sizes));
        });
        return y;
    }

    /// <summary>The position of the first largest element along an axis, int32. Has no gradient.</summary>
    /// <exception cref="ShapeException">The axis does not exist.</exception>
    public static Tensor ArgMax(Tensor x, int axis = -1)
    {
        int[] sorted = SortedAxes(x, [axis], nameof(ArgMax));
        var y = Tensor.Allocate(x.Device, WithoutAxis(x.Shape, sorted[0]), ElementType.Int32);
        x.Backend.ArgMax(y.Buffer, x.Buffer, GeometryOf(x.Shape, sorted[0]));
        return y;
    }

    private static Tensor SumScaled(Tensor x, int[] axes, bool mean)
    {
        int reduced = 1;
        foreach (int axis in axes)
        {
            reduced *= x.Shape[axis];
        }

        float scale = mean ? 1f / reduced : 1f;
        var y = Reduce(x, axes, (backend, output, input, geometry) => backend.ReduceSum(output.Buffer, input.Buffer, geometry, 1));
        if (mean)
        {
            y.Backend.Affine(y.Buffer, y.Buffer, scale, 0, y.Count);
        }

        GradientTape.Record(y, [x], (tape, dy) =>
        {
            var scaled = mean ? dy * scale : dy;
            tape.Accumulate(x, BroadcastTo(scaled.Reshape(WithKeptAxes(x.Shape, axes).Sizes), x.Shape));
        });
        return y;
    }

    // Neighbouring axes are one; groups of neighbours are reduced one after the other, innermost first.
    private static Tensor Reduce(Tensor x, int[] axes, Action<IBackend, Tensor, Tensor, ReduceGeometry> pass)
    {
        var result = x;
        for (int end = axes.Length; end > 0;)
        {
            int start = end - 1;
            while (start > 0 && axes[start - 1] == axes[start] - 1)
            {
                start--;
            }

            var sizes = result.Shape.Sizes;
            int first = axes[start];
            int last = axes[end - 1];
            var geometry = new ReduceGeometry(Product(sizes[..first]), Product(sizes[first..(last + 1)]), Product(sizes[(last + 1)..]));
            var reduced = Tensor.Allocate(x.Device, new Shape([.. sizes[..first], .. sizes[(last + 1)..]]));
            pass(x.Backend, reduced, result, geometry);
            result = reduced;
            end = start;
        }

        return result == x ? x.Clone() : result;
    }

    private static Tensor BroadcastTo(Tensor x, Shape shape)
    {
        var y = Tensor.Allocate(x.Device, shape);
        var geometry = BroadcastGeometry.Create(x.Shape.Sizes, shape.Sizes);

        // The second operand is read as the first is and ignored.
        geometry = geometry with
        {
            StrideB0 = geometry.StrideA0,
            StrideB1 = geometry.StrideA1,
            StrideB2 = geometry.StrideA2,
            StrideB3 = geometry.StrideA3,
            StrideB4 = geometry.StrideA4,
            StrideB5 = geometry.StrideA5,
        };
        y.Backend.Binary<First>(y.Buffer, x.Buffer, x.Buffer, geometry);
        return y;
    }

    private static int[] SortedAxes(Tensor x, ReadOnlySpan<int> axes, string name)
    {
        int rank = x.Shape.Rank;
        if (axes.IsEmpty)
        {
            return [.. Enumerable.Range(0, rank)];
        }

        var sorted = axes.ToArray();
        for (int i = 0; i < sorted.Length; i++)
        {
            if (sorted[i] < -rank || sorted[i] >= rank)
            {
                throw ShapeException.Create(name, $"axes from {-rank} to {rank - 1} for shape {x.Shape}", $"{sorted[i]}");
            }

            sorted[i] = (sorted[i] + rank) % rank;
        }

        Array.Sort(sorted);
        for (int i = 1; i < sorted.Length; i++)
        {
            if (sorted[i] == sorted[i - 1])
            {
                throw ShapeException.Create(name, "each axis once", $"({string.Join(", ", axes.ToArray())})");
            }
        }

        return sorted;
    }

    private static Shape WithKeptAxes(Shape shape, int[] axes)
    {
        var sizes = shape.Sizes.ToArray();
        foreach (int axis in axes)
        {
            sizes[axis] = 1;
        }

        return new Shape(sizes);
    }

    private static Shape WithoutAxis(Shape shape, int axis) => new([.. shape.Sizes[..axis], .. shape.Sizes[(axis + 1)..]]);

    private static ReduceGeometry GeometryOf(Shape shape, int axis) =>
        new(Product(shape.Sizes[..axis]), shape[axis], Product(shape.Sizes[(axis + 1)..]));

    private static int Product(ReadOnlySpan<int> sizes)
    {
        int product = 1;
        foreach (int size in sizes)
        {
            product *= size;
        }

        return product;
    }
}
