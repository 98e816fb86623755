using NanoNet.Core.Ops;
using NanoNet.Core.Tensors;
using NanoNet.Kernels.Random;

namespace NanoNet.Core.Layers;

/// <summary>
/// In training zeroes each element with probability <paramref name="rate"/> and scales the others by 1 / (1 − rate), so that the
/// expected value stays; otherwise passes its input on. Each layer and each step has a mask of its own, a function of the
/// model's seed alone. Source: Srivastava et al., "Dropout: a simple way to prevent neural networks from overfitting" (2014).
/// </summary>
public sealed class Dropout(float rate) : Layer
{
    /// <inheritdoc/>
    public override string TypeName => "Dropout";

    /// <inheritdoc/>
    public override bool CanReplay => true;

    /// <summary>The probability to drop an element, in [0, 1).</summary>
    public float Rate { get; } = rate is >= 0 and < 1
        ? rate
        : throw new ArgumentOutOfRangeException(nameof(rate), rate, "Dropout: expected a rate of at least 0 and below 1.");

    /// <inheritdoc/>
    public override Shape ComputeOutputShape(Shape input) => input;

    /// <inheritdoc/>
    public override Tensor Forward(Tensor x, ForwardContext context) => context.Training && Rate > 0
        ? Op.Dropout(x, new DropoutMask(Rate, context.DropoutKey.Key0, context.DropoutKey.Key1, Index, context.Clock))
        : x;
}
