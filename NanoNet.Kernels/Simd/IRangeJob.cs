namespace NanoNet.Kernels.Simd;

/// <summary>
/// A job over a range of elements or rows that can be cut anywhere. Unmanaged, like <see cref="IParallelJob"/>.
/// </summary>
internal interface IRangeJob
{
    /// <summary>Does the part that starts at <paramref name="start"/>.</summary>
    void Run(int start, int count);
}
