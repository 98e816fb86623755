using NanoNet.Core.Autograd;
using NanoNet.Core.Errors;
using NanoNet.Core.Tensors;
using Activation = NanoNet.Kernels.Activation;

namespace NanoNet.Core.Ops;

/// <content>What a dense layer computes, as one operation.</content>
public static partial class Op
{
    /// <summary>
    /// y = act(x · kernel + bias) with bias and ReLU done in the product's epilogue: x [batch, in], kernel [in, out], bias [out],
    /// y [batch, out].
    /// </summary>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    public static Tensor Dense(Tensor x, Tensor kernel, Tensor? bias = null, bool relu = false)
    {
        ShapeException.ThrowIfRankDiffers(nameof(Dense), "an input", "batch, features", x.Shape, 2);
        ShapeException.ThrowIfRankDiffers(nameof(Dense), "a kernel", "inputs, outputs", kernel.Shape, 2);
        if (x.Shape[1] != kernel.Shape[0])
        {
            throw ShapeException.Create(nameof(Dense), $"inputs of {kernel.Shape[0]} features for a kernel of shape {kernel.Shape}", $"{x.Shape}");
        }

        RequireBias(nameof(Dense), bias, kernel.Shape[1]);
        var y = Product(x, kernel, bias: bias, activation: relu ? Activation.Relu : Activation.None);
        GradientTape.Record(y, [x, kernel, bias], (tape, dy) =>
        {
            var dz = BiasGradient(tape, dy, y, bias, relu);
            if (tape.Needs(kernel))
            {
                tape.Accumulate(kernel, Product(x, dz, transposeA: true));
            }

            if (tape.Needs(x))
            {
                tape.Accumulate(x, Product(dz, kernel, transposeB: true));
            }
        });
        return y;
    }

    private static void RequireBias(string operation, Tensor? bias, int outputs)
    {
        if (bias is not null && bias.Shape != new Shape(outputs))
        {
            throw ShapeException.Create(operation, $"a bias of shape ({outputs},)", $"{bias.Shape}");
        }
    }

    /// <summary>
    /// The way back through bias and ReLU: dz, the gradient of the bare product, and the bias' own gradient, in one pass.
    /// The last axis of y is the bias' axis.
    /// </summary>
    private static Tensor BiasGradient(GradientTape tape, Tensor dy, Tensor y, Tensor? bias, bool relu)
    {
        int columns = y.Shape[^1];
        int rows = y.Count / columns;
        if (!relu)
        {
            if (tape.Needs(bias))
            {
                tape.Accumulate(bias!, Sum(dy.Reshape(rows, columns), 0));
            }

            return dy;
        }

        var dz = Tensor.Allocate(y.Device, y.Shape);
        var dbias = Tensor.Allocate(y.Device, new Shape(columns));
        y.Backend.ReluBiasGradient(dz.Buffer, dbias.Buffer, dy.Buffer, y.Buffer, rows, columns);
        if (tape.Needs(bias))
        {
            tape.Accumulate(bias!, dbias);
        }

        return dz;
    }
}
