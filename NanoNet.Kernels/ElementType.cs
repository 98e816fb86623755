namespace NanoNet.Kernels;

/// <summary>What a buffer's elements are.</summary>
public enum ElementType
{
    /// <summary>IEEE single precision: activations, weights, gradients.</summary>
    Float32,

    /// <summary>Class indices and positions.</summary>
    Int32,

    /// <summary>Pixels as they come from a file.</summary>
    UInt8,
}
