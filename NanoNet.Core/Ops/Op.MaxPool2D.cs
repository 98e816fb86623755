using NanoNet.Core.Autograd;
using NanoNet.Core.Errors;
using NanoNet.Core.Tensors;
using NanoNet.Kernels;
using NanoNet.Kernels.Geometry;

namespace NanoNet.Core.Ops;

/// <content>Max-pooling.</content>
public static partial class Op
{
    /// <summary>
    /// The largest value of each window: x [batch, height, width, channels], y the same with as many pixels as there are windows.
    /// The gradient goes to the first largest value of a window.
    /// </summary>
    /// <exception cref="ShapeException">The input is no batch of images, or a window is larger than an unpadded image.</exception>
    public static Tensor MaxPool2D(
        Tensor x, int poolHeight, int poolWidth, int strideHeight, int strideWidth, Padding padding = Padding.Valid)
    {
        ShapeException.ThrowIfRankDiffers(nameof(MaxPool2D), "an input", "batch, height, width, channels", x.Shape, 4);
        var geometry = Pool2DGeometry.Create(x.Shape[0], x.Shape[1], x.Shape[2], x.Shape[3],
            poolHeight, poolWidth, strideHeight, strideWidth, padding);
        if (geometry.OutputHeight < 1 || geometry.OutputWidth < 1)
        {
            throw ShapeException.Create(nameof(MaxPool2D), $"images of at least {poolHeight} x {poolWidth} pixels", $"an input of shape {x.Shape}");
        }

        var y = Tensor.Allocate(x.Device, new Shape(geometry.Batch, geometry.OutputHeight, geometry.OutputWidth, geometry.Channels));
        var argmax = GradientTape.IsRecording ? Tensor.Allocate(x.Device, y.Shape, ElementType.Int32) : null;
        y.Backend.MaxPool2D(y.Buffer, argmax?.Buffer, x.Buffer, geometry);
        if (argmax is not null)
        {
            GradientTape.Record(y, [x, argmax], (tape, dy) =>
            {
                var dx = Tensor.Allocate(x.Device, x.Shape);
                y.Backend.MaxPool2DGradient(dx.Buffer, dy.Buffer, argmax.Buffer, geometry);
                tape.Accumulate(x, dx);
            });
        }

        return y;
    }
}
