namespace NanoNet.Assignment;

/// <summary>The assignment's two models.</summary>
public enum ModelKind
{
    /// <summary>A multi-layer perceptron.</summary>
    A,

    /// <summary>A convolutional net.</summary>
    B,
}
