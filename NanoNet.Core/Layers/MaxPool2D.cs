using NanoNet.Core.Errors;
using NanoNet.Core.Ops;
using NanoNet.Core.Tensors;
using NanoNet.Kernels.Geometry;

namespace NanoNet.Core.Layers;

/// <summary>The largest value of each window of an image (height, width, channels), channel by channel.</summary>
public sealed class MaxPool2D : Layer
{
    /// <summary>A pooling layer.</summary>
    /// <param name="poolSize">Height and width of the window; (2, 2) when null.</param>
    /// <param name="strides">How far the window moves; the window's size when null.</param>
    /// <param name="padding">What happens at the border; with valid padding what does not fill a window is left out.</param>
    public MaxPool2D(
        (int Height, int Width)? poolSize = null, (int Height, int Width)? strides = null, Padding padding = Padding.Valid)
    {
        PoolSize = poolSize ?? (2, 2);
        Strides = strides ?? PoolSize;
        Padding = padding;
        ArgumentOutOfRangeException.ThrowIfLessThan(Math.Min(PoolSize.Height, PoolSize.Width), 1, nameof(poolSize));
        ArgumentOutOfRangeException.ThrowIfLessThan(Math.Min(Strides.Height, Strides.Width), 1, nameof(strides));
    }

    /// <inheritdoc/>
    public override string TypeName => "MaxPooling2D";

    /// <inheritdoc/>
    public override bool CanReplay => true;

    /// <summary>Height and width of the window.</summary>
    public (int Height, int Width) PoolSize { get; }

    /// <summary>How far the window moves.</summary>
    public (int Height, int Width) Strides { get; }

    /// <summary>What happens at the border.</summary>
    public Padding Padding { get; }

    /// <inheritdoc/>
    public override Shape ComputeOutputShape(Shape input)
    {
        if (input.Rank != 3)
        {
            throw ShapeException.Create("MaxPool2D", "images of three axes (height, width, channels)", $"{input}");
        }

        var geometry = Pool2DGeometry.Create(1, input[0], input[1], input[2],
            PoolSize.Height, PoolSize.Width, Strides.Height, Strides.Width, Padding);
        return geometry.OutputHeight > 0 && geometry.OutputWidth > 0
            ? new Shape(geometry.OutputHeight, geometry.OutputWidth, input[2])
            : throw ShapeException.Create("MaxPool2D", $"images of at least {PoolSize.Height} x {PoolSize.Width} pixels", $"{input}");
    }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor x, ForwardContext context) =>
        Op.MaxPool2D(x, PoolSize.Height, PoolSize.Width, Strides.Height, Strides.Width, Padding);
}
