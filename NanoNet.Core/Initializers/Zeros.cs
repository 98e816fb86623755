using NanoNet.Core.Randomness;
using NanoNet.Core.Tensors;

namespace NanoNet.Core.Initializers;

/// <summary>All zeros: Keras' choice for biases.</summary>
public sealed class Zeros : Initializer
{
    /// <inheritdoc/>
    public override float[] Create(Shape shape, RandomKey key, int stream) => new float[shape.Count];
}
