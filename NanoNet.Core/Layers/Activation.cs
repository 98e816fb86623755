using NanoNet.Core.Ops;
using NanoNet.Core.Tensors;

namespace NanoNet.Core.Layers;

/// <summary>An activation function as a layer of its own.</summary>
public sealed class Activation(ActivationFunction function) : Layer
{
    /// <inheritdoc/>
    public override string TypeName => "Activation";

    /// <inheritdoc/>
    public override bool CanReplay => true;

    /// <summary>What is applied.</summary>
    public ActivationFunction Function { get; } = function;

    internal override bool EndsInSoftmax => Function == ActivationFunction.Softmax;

    /// <inheritdoc/>
    public override Shape ComputeOutputShape(Shape input) => input;

    /// <inheritdoc/>
    public override Tensor Forward(Tensor x, ForwardContext context) => Apply(Function, x);

    internal override Tensor ForwardLogits(Tensor x, ForwardContext context) => x;

    internal static Tensor Apply(ActivationFunction function, Tensor x) => function switch
    {
        ActivationFunction.Linear => x,
        ActivationFunction.Relu => Op.Relu(x),
        ActivationFunction.Sigmoid => Op.Sigmoid(x),
        ActivationFunction.Softmax => Op.Softmax(x),
        _ => throw new ArgumentOutOfRangeException(nameof(function), function, "Not an activation function."),
    };
}
