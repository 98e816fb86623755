namespace NanoNet.Kernels.Simd;

/// <summary>
/// Cuts ranges into chunks of a fixed size. Sizes follow from the work alone, never from the number of threads, so
/// results have the same bits on any number of them.
/// </summary>
internal static class Chunks
{
    /// <summary>
    /// Elements a chunk: 64 KiB of floats, a few microseconds of work. Smaller, and handing chunks out costs too much;
    /// larger, and Model A's tensors would stay on one thread.
    /// </summary>
    public const int Elements = 16384;

    /// <summary>How many chunks of a size cover a count.</summary>
    public static int Cover(int count, int size) => (int)(((long)count + size - 1) / size);

    /// <summary>The length of the next of as few chunks as cover a count, nearly equal and of a size at most.</summary>
    public static int Even(int count, int most) => Cover(count, Cover(count, most));

    /// <summary>Rows of a given width that make up a chunk.</summary>
    public static int RowsPerChunk(int columns) => Math.Max(1, Elements / Math.Max(1, columns));

    /// <summary>Runs a job over [0, count) in chunks; a single chunk runs here, without waking the team.</summary>
    public static void Run<TJob>(WorkerTeam team, int count, int size, TJob job) where TJob : unmanaged, IRangeJob
    {
        if (count > size)
        {
            team.Run(Cover(count, size), new Chunk<TJob>(job, count, size));
        }
        else if (count > 0)
        {
            job.Run(0, count);
        }
    }

    private readonly struct Chunk<TJob>(TJob job, int count, int size) : IParallelJob where TJob : unmanaged, IRangeJob
    {
        public void Run(int index)
        {
            int start = index * size;
            job.Run(start, Math.Min(size, count - start));
        }
    }
}
