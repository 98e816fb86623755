namespace NanoNet.Kernels.Simd;

/// <summary>An <see cref="IParallelJob"/> whose pieces need scratch memory: they are told which thread of the team runs them.</summary>
internal interface IWorkerJob
{
    /// <summary>
    /// Does piece <paramref name="index"/>. Worker 0 is the caller; no two pieces run at once as the same
    /// <paramref name="worker"/>. What is computed must not depend on it.
    /// </summary>
    void Run(int index, int worker);
}
