namespace NanoNet.Kernels.Simd;

/// <summary>One block of scratch memory for each worker.</summary>
internal readonly unsafe struct WorkerScratch(float* first, nint stride)
{
    /// <summary>The block of one worker.</summary>
    public float* Of(int worker) => first + worker * stride;
}
