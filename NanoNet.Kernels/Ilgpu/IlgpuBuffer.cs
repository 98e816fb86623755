using ILGPU;
using ILGPU.Runtime;
using NanoNet.Kernels.Memory;

namespace NanoNet.Kernels.Ilgpu;

/// <summary>Device memory that ILGPU allocated, with the views through which kernels see it.</summary>
internal sealed class IlgpuBuffer : DeviceBuffer
{
    // Null in a slice, which owns nothing.
    private readonly MemoryBuffer? _memory;

    private IlgpuBuffer(ArrayView<byte> bytes, DeviceInfo device, MemoryBuffer? memory)
        : base(bytes.Length, device)
    {
        _memory = memory;
        Bytes = bytes;
        Floats = bytes.Cast<float>();
        Ints = bytes.Cast<int>();
    }

    /// <summary>The memory as bytes.</summary>
    public ArrayView<byte> Bytes { get; }

    /// <summary>The memory as float32.</summary>
    public ArrayView<float> Floats { get; }

    /// <summary>The memory as int32.</summary>
    public ArrayView<int> Ints { get; }

    /// <summary>Allocates memory with arbitrary contents.</summary>
    public static IlgpuBuffer Allocate(Accelerator accelerator, long byteLength, DeviceInfo device)
    {
        var memory = accelerator.AllocateRaw(byteLength, 1);
        return new(new ArrayView<byte>(memory, 0, byteLength), device, memory);
    }

    /// <inheritdoc/>
    public override DeviceBuffer Slice(long byteOffset, long byteLength) =>
        new IlgpuBuffer(Bytes.SubView(byteOffset, byteLength), Device, null);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => _memory?.Dispose();
}
