using NanoNet.Kernels.Memory;
using Floats = ILGPU.ArrayView<float>;

namespace NanoNet.Kernels.Ilgpu;

/// <summary>
/// Memory that a launcher needs for a moment. It may go back before the kernels that use it have run: whoever rents it
/// next queues its work behind theirs.
/// </summary>
internal readonly struct Scratch(KernelQueue queue, DeviceBuffer buffer) : IDisposable
{
    /// <summary>The memory as float32.</summary>
    public Floats Floats => ((IlgpuBuffer)buffer).Floats;

    /// <inheritdoc/>
    public void Dispose() => queue.Return(buffer);
}
