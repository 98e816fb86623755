namespace NanoNet.Tests.Reference;

/// <content>Parameter updates.</content>
internal static partial class Naive
{
    /// <summary>
    /// Keras' stochastic gradient descent. Without velocity w − η·g. With it v' = μ·v − η·g and w + v', or with Nesterov's
    /// momentum w + μ·v' − η·g.
    /// </summary>
    public static (NdArray Parameter, NdArray? Velocity) Sgd(
        NdArray parameter, NdArray gradient, NdArray? velocity, double rate, double momentum, bool nesterov)
    {
        if (velocity is null)
        {
            return (Binary(parameter, gradient, (w, g) => w - (rate * g)), null);
        }

        var moved = Binary(velocity, gradient, (v, g) => (momentum * v) - (rate * g));
        var step = nesterov ? Binary(moved, gradient, (v, g) => (momentum * v) - (rate * g)) : moved;
        return (Binary(parameter, step, (w, d) => w + d), moved);
    }
}
