using NanoNet.Kernels.Memory;

namespace NanoNet.Kernels.Simd;

/// <summary>
/// The engine's own working memory, for packed operands: one block that all threads see and one block for each worker. Grown on
/// demand, kept between operations, contents arbitrary.
/// </summary>
internal sealed unsafe class Scratch(int workers) : IDisposable
{
    /// <summary>
    /// Floats left free between the blocks of workers, 2 MB. A core that goes through memory in large steps, as transforms of
    /// tiles do, has the places of the next steps fetched before it asks for them; beyond the end of its block those would be another
    /// core's, which must then get them back before it can write.
    /// </summary>
    private const nint BetweenWorkers = 512 << 10;

    private float* _shared;
    private float* _ofWorkers;
    private nint _sharedCount;
    private nint _workerCount;

    /// <summary>Frees what <see cref="Dispose"/> was not called for.</summary>
    ~Scratch() => Free();

    /// <summary>Bytes held.</summary>
    public long Bytes => (_sharedCount + workers * _workerCount) * sizeof(float);

    /// <summary>At least <paramref name="count"/> floats; earlier shared memory is given up.</summary>
    public float* Shared(nint count)
    {
        Grow(ref _shared, ref _sharedCount, count, 1);
        return _shared;
    }

    /// <summary>At least <paramref name="count"/> floats for each worker; earlier memory of workers is given up.</summary>
    public WorkerScratch PerWorker(nint count)
    {
        Grow(ref _ofWorkers, ref _workerCount, workers > 1 ? count + BetweenWorkers : count, workers);
        return new WorkerScratch(_ofWorkers, _workerCount);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private static void Grow(ref float* memory, ref nint held, nint count, int times)
    {
        if (count <= held)
        {
            return;
        }

        const int granularity = DeviceBuffer.Alignment / sizeof(float);
        held = 0;
        HostMemory.Free(memory);
        memory = null;
        nint rounded = (count + granularity - 1) / granularity * granularity;
        memory = (float*)HostMemory.Allocate((nuint)(rounded * times * sizeof(float)));
        held = rounded;
    }

    private void Free()
    {
        HostMemory.Free(_shared);
        HostMemory.Free(_ofWorkers);
        _shared = null;
        _ofWorkers = null;
        _sharedCount = 0;
        _workerCount = 0;
    }
}
