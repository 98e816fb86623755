using NanoNet.Core.Randomness;
using NanoNet.Core.Tensors;

namespace NanoNet.Core.Initializers;

/// <summary>
/// Uniform in [−L, L) with L = √(6 / (fan_in + fan_out)), which keeps the variance of activations and gradients alike from layer
/// to layer. Source: Glorot and Bengio, "Understanding the difficulty of training deep feedforward neural networks" (2010).
/// </summary>
public sealed class GlorotUniform : Initializer
{
    /// <inheritdoc/>
    public override float[] Create(Shape shape, RandomKey key, int stream)
    {
        double limit = Limit(shape);
        var values = new float[shape.Count];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = (float)((2.0 * key.Uniform(stream, i) - 1.0) * limit);
        }

        return values;
    }

    /// <summary>L for a kernel's shape. The fans of a convolution count its window: height · width · channels.</summary>
    public static double Limit(Shape shape)
    {
        int window = shape.Count / (shape[^1] * shape[^2]);
        return Math.Sqrt(6.0 / (window * ((double)shape[^2] + shape[^1])));
    }
}
