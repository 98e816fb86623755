using NanoNet.Core.Errors;
using NanoNet.Core.Initializers;
using NanoNet.Core.Ops;
using NanoNet.Core.Tensors;
using NanoNet.Kernels.Geometry;

namespace NanoNet.Core.Layers;

/// <summary>
/// A 2-D convolution over images (height, width, channels): y = act(x ⋆ kernel + bias), kernel (height, width, channels, filters)
/// Glorot-uniform, bias zeros.
/// </summary>
public sealed class Conv2D : Layer
{
    private Tensor? _kernel;
    private Tensor? _bias;

    /// <summary>A layer of <paramref name="filters"/> output channels.</summary>
    /// <param name="filters">Output channels, at least 1.</param>
    /// <param name="kernelSize">Height and width of the window.</param>
    /// <param name="activation">What is applied to the output.</param>
    /// <param name="padding">What happens at the border.</param>
    /// <param name="strides">How far the window moves, vertically and horizontally; 1 when null.</param>
    /// <param name="useBias">Whether a bias is added.</param>
    public Conv2D(
        int filters,
        (int Height, int Width) kernelSize,
        ActivationFunction activation = ActivationFunction.Linear,
        Padding padding = Padding.Valid,
        (int Height, int Width)? strides = null,
        bool useBias = true)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(filters, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Math.Min(kernelSize.Height, kernelSize.Width), 1, nameof(kernelSize));
        Filters = filters;
        KernelSize = kernelSize;
        Activation = activation;
        Padding = padding;
        Strides = strides ?? (1, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Math.Min(Strides.Height, Strides.Width), 1, nameof(strides));
        UseBias = useBias;
    }

    /// <inheritdoc/>
    public override string TypeName => "Conv2D";

    /// <inheritdoc/>
    public override bool CanReplay => true;

    /// <summary>Output channels.</summary>
    public int Filters { get; }

    /// <summary>Height and width of the window.</summary>
    public (int Height, int Width) KernelSize { get; }

    /// <summary>What is applied to the output.</summary>
    public ActivationFunction Activation { get; }

    /// <summary>What happens at the border.</summary>
    public Padding Padding { get; }

    /// <summary>How far the window moves.</summary>
    public (int Height, int Width) Strides { get; }

    /// <summary>Whether a bias is added.</summary>
    public bool UseBias { get; }

    internal override bool EndsInSoftmax => Activation == ActivationFunction.Softmax;

    /// <inheritdoc/>
    public override Shape ComputeOutputShape(Shape input)
    {
        if (input.Rank != 3)
        {
            throw ShapeException.Create("Conv2D", "images of three axes (height, width, channels)", $"{input}");
        }

        var geometry = Conv2DGeometry.Create(1, input[0], input[1], input[2], Filters,
            KernelSize.Height, KernelSize.Width, Strides.Height, Strides.Width, Padding);
        return geometry.OutputHeight > 0 && geometry.OutputWidth > 0
            ? new Shape(geometry.OutputHeight, geometry.OutputWidth, Filters)
            : throw ShapeException.Create("Conv2D", $"images of at least {KernelSize.Height} x {KernelSize.Width} pixels", $"{input}",
                "Use Padding.Same or a smaller kernel.");
    }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor x, ForwardContext context) => Activation == ActivationFunction.Relu
        ? Op.Conv2D(x, _kernel!, _bias, Strides.Height, Strides.Width, Padding, relu: true)
        : Layers.Activation.Apply(Activation, ForwardLogits(x, context));

    internal override Tensor ForwardLogits(Tensor x, ForwardContext context) =>
        Op.Conv2D(x, _kernel!, _bias, Strides.Height, Strides.Width, Padding);

    /// <inheritdoc/>
    protected override void BuildParameters(Device device, Shape input)
    {
        var shape = new Shape(KernelSize.Height, KernelSize.Width, input[2], Filters);
        _kernel = AddParameter(device, "kernel", shape, new GlorotUniform());
        _bias = UseBias ? AddParameter(device, "bias", new Shape(Filters), new Zeros()) : null;
    }
}
