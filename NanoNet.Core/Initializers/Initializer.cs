using NanoNet.Core.Randomness;
using NanoNet.Core.Tensors;

namespace NanoNet.Core.Initializers;

/// <summary>How a parameter's first values are made.</summary>
public abstract class Initializer
{
    /// <summary>The values for a parameter of the given shape, in row-major order.</summary>
    /// <param name="shape">Its shape: dense kernels (in, out), convolution kernels (height, width, in, out), biases (out).</param>
    /// <param name="key">The model's key for weights.</param>
    /// <param name="stream">The parameter's index within the model: its own stream of numbers.</param>
    public abstract float[] Create(Shape shape, RandomKey key, int stream);
}
