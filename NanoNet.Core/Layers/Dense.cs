using NanoNet.Core.Errors;
using NanoNet.Core.Initializers;
using NanoNet.Core.Ops;
using NanoNet.Core.Tensors;

namespace NanoNet.Core.Layers;

/// <summary>
/// A fully connected layer: y = act(x · kernel + bias), kernel (in, out) Glorot-uniform, bias zeros.
/// </summary>
public sealed class Dense : Layer
{
    private Tensor? _kernel;
    private Tensor? _bias;

    /// <summary>A layer of <paramref name="units"/> outputs.</summary>
    /// <param name="units">Outputs, at least 1.</param>
    /// <param name="activation">What is applied to them.</param>
    /// <param name="useBias">Whether a bias is added.</param>
    public Dense(int units, ActivationFunction activation = ActivationFunction.Linear, bool useBias = true)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(units, 1);
        Units = units;
        Activation = activation;
        UseBias = useBias;
    }

    /// <inheritdoc/>
    public override string TypeName => "Dense";

    /// <inheritdoc/>
    public override bool CanReplay => true;

    /// <summary>Outputs.</summary>
    public int Units { get; }

    /// <summary>What is applied to the outputs.</summary>
    public ActivationFunction Activation { get; }

    /// <summary>Whether a bias is added.</summary>
    public bool UseBias { get; }

    internal override bool EndsInSoftmax => Activation == ActivationFunction.Softmax;

    /// <inheritdoc/>
    public override Shape ComputeOutputShape(Shape input) => input.Rank == 1
        ? new Shape(Units)
        : throw ShapeException.Create("Dense", "examples of one axis (features)", $"{input}", "Put a Flatten layer before it.");

    /// <inheritdoc/>
    public override Tensor Forward(Tensor x, ForwardContext context) => Activation == ActivationFunction.Relu
        ? Op.Dense(x, _kernel!, _bias, relu: true)
        : Layers.Activation.Apply(Activation, Op.Dense(x, _kernel!, _bias));

    internal override Tensor ForwardLogits(Tensor x, ForwardContext context) => Op.Dense(x, _kernel!, _bias);

    /// <inheritdoc/>
    protected override void BuildParameters(Device device, Shape input)
    {
        _kernel = AddParameter(device, "kernel", new Shape(input[0], Units), new GlorotUniform());
        _bias = UseBias ? AddParameter(device, "bias", new Shape(Units), new Zeros()) : null;
    }
}
