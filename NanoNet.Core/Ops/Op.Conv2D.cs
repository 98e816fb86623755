using NanoNet.Core.Autograd;
using NanoNet.Core.Errors;
using NanoNet.Core.Tensors;
using NanoNet.Kernels.Geometry;
using Activation = NanoNet.Kernels.Activation;

namespace NanoNet.Core.Ops;

/// <content>What a convolution layer computes, as one operation.</content>
public static partial class Op
{
    /// <summary>
    /// y = act(x ⋆ kernel + bias), a cross-correlation as everywhere in deep learning: x [batch, height, width, channels], kernel
    /// [height, width, channels, filters], bias [filters], y [batch, height, width, filters].
    /// </summary>
    /// <exception cref="ShapeException">The shapes do not fit, or the kernel is larger than an unpadded image.</exception>
    public static Tensor Conv2D(
        Tensor x, Tensor kernel, Tensor? bias = null, int strideHeight = 1, int strideWidth = 1, Padding padding = Padding.Valid, bool relu = false)
    {
        ShapeException.ThrowIfRankDiffers(nameof(Conv2D), "an input", "batch, height, width, channels", x.Shape, 4);
        ShapeException.ThrowIfRankDiffers(nameof(Conv2D), "a kernel", "height, width, channels, filters", kernel.Shape, 4);
        if (x.Shape[3] != kernel.Shape[2])
        {
            throw ShapeException.Create(nameof(Conv2D), $"{kernel.Shape[2]} channels for a kernel of shape {kernel.Shape}",
                $"an input of shape {x.Shape} with {x.Shape[3]}");
        }

        RequireBias(nameof(Conv2D), bias, kernel.Shape[3]);
        var geometry = Conv2DGeometry.Create(x.Shape[0], x.Shape[1], x.Shape[2], x.Shape[3], kernel.Shape[3],
            kernel.Shape[0], kernel.Shape[1], strideHeight, strideWidth, padding);
        if (geometry.OutputHeight < 1 || geometry.OutputWidth < 1)
        {
            throw ShapeException.Create(nameof(Conv2D), $"images of at least {kernel.Shape[0]} x {kernel.Shape[1]} pixels",
                $"an input of shape {x.Shape}", "Use Padding.Same or a smaller kernel.");
        }

        var y = Tensor.Allocate(x.Device, new Shape(geometry.Batch, geometry.OutputHeight, geometry.OutputWidth, geometry.Filters));
        y.Backend.Conv2D(y.Buffer, x.Buffer, kernel.Buffer, bias?.Buffer, geometry, relu ? Activation.Relu : Activation.None);
        GradientTape.Record(y, [x, kernel, bias], (tape, dy) =>
        {
            var dz = BiasGradient(tape, dy, y, bias, relu);
            if (tape.Needs(kernel))
            {
                var dkernel = Tensor.Allocate(kernel.Device, kernel.Shape);
                y.Backend.Conv2DFilterGradient(dkernel.Buffer, x.Buffer, dz.Buffer, geometry);
                tape.Accumulate(kernel, dkernel);
            }

            if (tape.Needs(x))
            {
                var dx = Tensor.Allocate(x.Device, x.Shape);
                y.Backend.Conv2DInputGradient(dx.Buffer, dz.Buffer, kernel.Buffer, geometry);
                tape.Accumulate(x, dx);
            }
        });
        return y;
    }
}
