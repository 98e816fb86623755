namespace NanoNet.Core.Layers;

/// <summary>What is applied to a layer's output; Keras' names in lower case.</summary>
public enum ActivationFunction
{
    /// <summary>The output as it is.</summary>
    Linear,

    /// <summary>max(0, x).</summary>
    Relu,

    /// <summary>1 / (1 + e⁻ˣ).</summary>
    Sigmoid,

    /// <summary>exp(x) / Σ exp(x) along the last axis.</summary>
    Softmax,
}
