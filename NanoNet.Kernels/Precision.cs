namespace NanoNet.Kernels;

/// <summary>How matrix products and convolutions multiply. Everything is stored in float32 whatever this is.</summary>
/// <remarks>
/// Other than float32 needs an NVIDIA GPU of compute capability 8.0 or above. Products that tensor cores would not make
/// faster, with 32 rows or columns or fewer or of operands that cannot be read four elements at a time, stay in float32.
/// </remarks>
public enum Precision
{
    /// <summary>In float32, on every device. The default.</summary>
    Float32,

    /// <summary>
    /// On tensor cores, operands rounded to TF32, 11 significant bits: a product of random matrices is off by 2.8e-4 in
    /// relative norm.
    /// </summary>
    Tf32,

    /// <summary>
    /// On tensor cores, each operand split into two TF32 numbers and three products taken: about as exact as float32.
    /// </summary>
    Tf32x3,
}
