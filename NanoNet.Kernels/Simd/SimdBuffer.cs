using NanoNet.Kernels.Memory;

namespace NanoNet.Kernels.Simd;

/// <summary>Native memory of the host: aligned, never moved, invisible to the garbage collector.</summary>
internal sealed unsafe class SimdBuffer : DeviceBuffer
{
    // What a slice is part of: referenced, so that the memory lives as long as the slice.
    private readonly SimdBuffer? _parent;
    private byte* _pointer;

    private SimdBuffer(byte* pointer, long byteLength, DeviceInfo device, SimdBuffer? parent)
        : base(byteLength, device)
    {
        _pointer = pointer;
        _parent = parent;
        if (parent is null)
        {
            GC.AddMemoryPressure(Math.Max(1, byteLength));
        }
    }

    /// <summary>Frees buffers that their owner forgot.</summary>
    ~SimdBuffer() => Dispose(false);

    /// <summary>The first byte.</summary>
    public byte* Pointer => _pointer;

    /// <summary>Allocates memory with arbitrary contents.</summary>
    public static SimdBuffer Allocate(long byteLength, DeviceInfo device) =>
        new((byte*)HostMemory.Allocate((nuint)byteLength), byteLength, device, null);

    /// <inheritdoc/>
    public override DeviceBuffer Slice(long byteOffset, long byteLength) =>
        new SimdBuffer(_pointer + byteOffset, byteLength, Device, this);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (_parent is null && _pointer is not null)
        {
            HostMemory.Free(_pointer);
            GC.RemoveMemoryPressure(Math.Max(1, ByteLength));
        }

        _pointer = null;
    }
}
