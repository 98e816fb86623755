namespace NanoNet.Core.Losses;

/// <summary>
/// −Σ_c t_c · ln p_c, the mean over the batch; targets are class indices or distributions. Training computes it on the logits,
/// fused with the softmax and without clipping (<see cref="Ops.Op.SoftmaxCrossEntropy"/>).
/// </summary>
public sealed class CategoricalCrossentropy
{
    /// <summary>Keras' clip: probabilities are kept this far from 0 and 1 when a loss is computed from them.</summary>
    public const float Epsilon = 1e-7f;

    /// <summary>Keras' name.</summary>
    public string Name { get; } = "categorical_crossentropy";

    /// <summary>
    /// The loss of one example from its probabilities, as <c>keras.losses.categorical_crossentropy</c> computes it in float32:
    /// normalised, clipped to [ε, 1 − ε], −ln p of the true class. Between 1.1920930e-07 and 16.118095.
    /// </summary>
    public static float FromProbabilities(ReadOnlySpan<float> probabilities, int label)
    {
        float sum = 0;
        foreach (float probability in probabilities)
        {
            sum += probability;
        }

        return -MathF.Log(Math.Clamp(probabilities[label] / sum, Epsilon, 1 - Epsilon));
    }
}
