using NanoNet.Core.Autograd;
using NanoNet.Core.Errors;
using NanoNet.Core.Tensors;
using NanoNet.Kernels.Formulas;
using NanoNet.Kernels.Geometry;

namespace NanoNet.Core.Ops;

/// <content>Elementwise arithmetic of two tensors, with broadcasting. The adjoint of broadcasting is summation.</content>
public static partial class Op
{
    /// <summary>a + b.</summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public static Tensor Add(Tensor a, Tensor b)
    {
        var y = Binary<Add>(a, b, nameof(Add));
        GradientTape.Record(y, [a, b], (tape, dy) =>
        {
            tape.Accumulate(a, SumTo(dy, a.Shape));
            tape.Accumulate(b, SumTo(dy, b.Shape));
        });
        return y;
    }

    /// <summary>a − b.</summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public static Tensor Subtract(Tensor a, Tensor b)
    {
        var y = Binary<Subtract>(a, b, nameof(Subtract));
        GradientTape.Record(y, [a, b], (tape, dy) =>
        {
            tape.Accumulate(a, SumTo(dy, a.Shape));
            if (tape.Needs(b))
            {
                tape.Accumulate(b, -SumTo(dy, b.Shape));
            }
        });
        return y;
    }

    /// <summary>a · b.</summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public static Tensor Multiply(Tensor a, Tensor b)
    {
        var y = Binary<Multiply>(a, b, nameof(Multiply));
        GradientTape.Record(y, [a, b], (tape, dy) =>
        {
            if (tape.Needs(a))
            {
                tape.Accumulate(a, SumTo(dy * b, a.Shape));
            }

            if (tape.Needs(b))
            {
                tape.Accumulate(b, SumTo(dy * a, b.Shape));
            }
        });
        return y;
    }

    /// <summary>a / b.</summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public static Tensor Divide(Tensor a, Tensor b)
    {
        var y = Binary<Divide>(a, b, nameof(Divide));
        GradientTape.Record(y, [a, b], (tape, dy) =>
        {
            var da = dy / b;
            tape.Accumulate(a, SumTo(da, a.Shape));
            if (tape.Needs(b))
            {
                // ∂(a/b)/∂b = −a/b² = −y/b
                tape.Accumulate(b, -SumTo(da * y, b.Shape));
            }
        });
        return y;
    }

    /// <summary>max(a, b). Where both are equal the gradient goes to b.</summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public static Tensor Maximum(Tensor a, Tensor b)
    {
        var y = Binary<Maximum>(a, b, nameof(Maximum));
        GradientTape.Record(y, [a, b], (tape, dy) => RouteToWinner(tape, dy, a, b, Binary<GreaterThan>(a, b, nameof(Maximum))));
        return y;
    }

    /// <summary>min(a, b). Where both are equal the gradient goes to b.</summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public static Tensor Minimum(Tensor a, Tensor b)
    {
        var y = Binary<Minimum>(a, b, nameof(Minimum));
        GradientTape.Record(y, [a, b], (tape, dy) => RouteToWinner(tape, dy, a, b, Binary<GreaterThan>(b, a, nameof(Minimum))));
        return y;
    }

    /// <summary>scale · x + shift.</summary>
    public static Tensor Affine(Tensor x, float scale, float shift)
    {
        var y = Tensor.Allocate(x.Device, x.Shape);
        x.Backend.Affine(y.Buffer, x.Buffer, scale, shift, x.Count);
        GradientTape.Record(y, [x], (tape, dy) => tape.Accumulate(x, scale == 1 ? dy : Affine(dy, scale, 0)));
        return y;
    }

    /// <summary>The sum of a gradient over the axes that broadcasting added or repeated.</summary>
    internal static Tensor SumTo(Tensor gradient, Shape shape)
    {
        if (gradient.Shape == shape)
        {
            return gradient;
        }

        int added = gradient.Shape.Rank - shape.Rank;
        var axes = new List<int>();
        for (int axis = 0; axis < gradient.Shape.Rank; axis++)
        {
            if (axis < added || (shape[axis - added] == 1 && gradient.Shape[axis] != 1))
            {
                axes.Add(axis);
            }
        }

        return axes.Count == 0 ? Reshape(gradient, shape.Sizes) : Reshape(Sum(gradient, [.. axes]), shape.Sizes);
    }

    private static Tensor Binary<TFormula>(Tensor a, Tensor b, string name) where TFormula : struct, IBinaryFormula
    {
        RequireSameDevice(name, a, b);
        var shape = Shape.Broadcast(a.Shape, b.Shape) ?? throw ShapeException.NotBroadcastable(name, a.Shape, b.Shape);
        var y = Tensor.Allocate(a.Device, shape);
        y.Backend.Binary<TFormula>(y.Buffer, a.Buffer, b.Buffer, BroadcastGeometry.Create(a.Shape.Sizes, b.Shape.Sizes));
        return y;
    }

    private static void RouteToWinner(GradientTape tape, Tensor dy, Tensor a, Tensor b, Tensor aWins)
    {
        if (tape.Needs(a))
        {
            tape.Accumulate(a, SumTo(dy * aWins, a.Shape));
        }

        if (tape.Needs(b))
        {
            tape.Accumulate(b, SumTo(dy * (1 - aWins), b.Shape));
        }
    }
}
