namespace NanoNet.Kernels.Simd;

/// <summary>
/// Memory that will be needed next, to be brought nearer while a block is multiplied: tile by tile one line of it, step by step
/// one place, so that no burst of requests holds up the products.
/// </summary>
internal unsafe struct Ahead
{
    /// <summary>Where the first line starts.</summary>
    public float* First;

    /// <summary>Elements from one place of a line to the next.</summary>
    public nint Step;

    /// <summary>Elements from one line to the next.</summary>
    public nint Line;

    /// <summary>Lines; 0 if nothing is wanted.</summary>
    public int Lines;
}
