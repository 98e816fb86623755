using ILGPU;
using ILGPU.Runtime.Cuda;

namespace NanoNet.Tests.Kernels.Ilgpu;

/// <summary>
/// Kernels with the faults that the checks are for: a check that does not find its fault proves nothing.
/// </summary>
internal static class PlantedKernels
{
    public static void UsesDoubles(ArrayView<float> y, ArrayView<float> x)
    {
        double sum = x[0];
        y[Grid.GlobalIndex.X] = (float)(sum * sum);
    }

    public static void UsesLocalMemory(ArrayView<float> y, ArrayView<float> x, int count)
    {
        var tile = LocalMemory.Allocate<float>(8);
        for (int i = 0; i < count; i++)
        {
            tile[i & 7] = x[i];
        }

        y[Grid.GlobalIndex.X] = tile[count & 7];
    }

    public static void ConvertsABoolean(ArrayView<float> y, ArrayView<float> x)
    {
        int i = Grid.GlobalIndex.X;
        y[i] = x[i] > 0 ? 1 : 0;
    }

    public static void AddsAtomically(ArrayView<float> y, ArrayView<float> x) =>
        Atomic.Add(ref y[0], x[Grid.GlobalIndex.X]);

    public static void Waits(ArrayView<float> y, ArrayView<float> x)
    {
        var shared = SharedMemory.Allocate<float>(64);
        int i = Group.IdxX;
        shared[i] = x[i];
        Group.Barrier();
        y[i] = shared[63 - i];
    }

    /// <summary>
    /// Reads shared memory, waits, and then lets what was read decide about a write there. The read must stay before
    /// the barrier: after it others write.
    /// </summary>
    public static void ReadsThenWaits(ArrayView<float> y, ArrayView<float> x)
    {
        var shared = SharedMemory.Allocate<float>(64);
        int i = Group.IdxX;
        shared[i] = x[i];
        Group.Barrier();
        float value = shared[63 - i];
        Group.Barrier();
        if (value > 0)
        {
            shared[i] = 1;
        }

        Group.Barrier();
        y[i] = shared[0];
    }

    /// <summary>Has an instruction that no NVIDIA GPU knows.</summary>
    public static void IsNoPtx(ArrayView<float> y, ArrayView<float> x)
    {
        CudaAsm.Emit("planted.f32 %0, %1;", out float result, x[0]);
        y[Group.IdxX] = result;
    }

    /// <summary><see cref="Waits"/> without its barrier.</summary>
    public static void Races(ArrayView<float> y, ArrayView<float> x)
    {
        var shared = SharedMemory.Allocate<float>(64);
        int i = Group.IdxX;
        shared[i] = x[i];
        y[i] = shared[63 - i];
    }

    /// <summary>The last thread writes behind the last element.</summary>
    public static void WritesBehind(ArrayView<float> y, ArrayView<float> x) => y[Group.IdxX + 1] = x[Group.IdxX];

    /// <summary>The first thread reads before the first element.</summary>
    public static void ReadsBefore(ArrayView<float> y, ArrayView<float> x) => y[Group.IdxX] = x[Group.IdxX - 1];

    /// <summary>Half of what is read of shared memory was never written.</summary>
    public static void UsesUnwritten(ArrayView<float> y, ArrayView<float> x)
    {
        var shared = SharedMemory.Allocate<float>(128);
        shared[2 * Group.IdxX] = x[Group.IdxX];
        Group.Barrier();
        y[Group.IdxX] = shared[Group.IdxX];
    }

    /// <summary>Right, if only all of its input was written.</summary>
    public static void Copies(ArrayView<float> y, ArrayView<float> x) => y[Group.IdxX] = x[Group.IdxX];
}
