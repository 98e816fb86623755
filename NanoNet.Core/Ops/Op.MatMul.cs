using NanoNet.Core.Autograd;
using NanoNet.Core.Errors;
using NanoNet.Core.Tensors;
using NanoNet.Kernels.Geometry;
using Activation = NanoNet.Kernels.Activation;

namespace NanoNet.Core.Ops;

/// <content>Matrix products.</content>
public static partial class Op
{
    /// <summary>c = a · b: a [m, k], b [k, n], c [m, n].</summary>
    /// <exception cref="ShapeException">An operand is no matrix, or the inner sizes differ.</exception>
    public static Tensor MatMul(Tensor a, Tensor b)
    {
        RequireSameDevice(nameof(MatMul), a, b);
        ShapeException.ThrowIfRankDiffers(nameof(MatMul), "a left operand", "rows, columns", a.Shape, 2);
        ShapeException.ThrowIfRankDiffers(nameof(MatMul), "a right operand", "rows, columns", b.Shape, 2);
        if (a.Shape[1] != b.Shape[0])
        {
            throw ShapeException.Create(nameof(MatMul), "as many columns left as rows right", $"{a.Shape} · {b.Shape}");
        }

        var c = Product(a, b);
        GradientTape.Record(c, [a, b], (tape, dc) =>
        {
            if (tape.Needs(a))
            {
                tape.Accumulate(a, Product(dc, b, transposeB: true));
            }

            if (tape.Needs(b))
            {
                tape.Accumulate(b, Product(a, dc, transposeA: true));
            }
        });
        return c;
    }

    // The three forms that a dense layer needs; the caller has checked the shapes.
    private static Tensor Product(
        Tensor a, Tensor b, bool transposeA = false, bool transposeB = false, Tensor? bias = null, Activation activation = Activation.None)
    {
        int m = a.Shape[transposeA ? 1 : 0];
        int k = a.Shape[transposeA ? 0 : 1];
        int n = b.Shape[transposeB ? 0 : 1];
        var c = Tensor.Allocate(a.Device, new Shape(m, n));
        var geometry = new MatMulGeometry(m, n, k, transposeA, transposeB);
        c.Backend.MatMul(c.Buffer, a.Buffer, b.Buffer, bias?.Buffer, geometry, activation);
        return c;
    }
}
