namespace NanoNet.Kernels.Simd;

/// <summary>
/// A job cut into independent pieces. Unmanaged (pointers and numbers), so that handing it to other threads allocates nothing.
/// </summary>
internal interface IParallelJob
{
    /// <summary>Does piece <paramref name="index"/>. Pieces write to disjoint memory and may run in any order.</summary>
    void Run(int index);
}
