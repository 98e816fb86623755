namespace NanoNet.Kernels;

/// <summary>What a product applies to its result before storing it.</summary>
public enum Activation
{
    /// <summary>The result as it is.</summary>
    None = 0,

    /// <summary>max(0, x).</summary>
    Relu = 1,
}
