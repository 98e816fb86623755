using System.Runtime.InteropServices;
using NanoNet.Kernels.Memory;

namespace NanoNet.Kernels.Simd;

/// <summary>Native memory of the host: aligned, never moved, invisible to the garbage collector.</summary>
internal sealed unsafe class SimdBuffer : DeviceBuffer
{
    private readonly bool _owns;
    private byte* _pointer;

    private SimdBuffer(byte* pointer, long byteLength, DeviceInfo device, bool owns)
        : base(byteLength, device)
    {
        _pointer = pointer;
        _owns = owns;
        if (owns)
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
        new((byte*)NativeMemory.AlignedAlloc((nuint)byteLength, Alignment), byteLength, device, owns: true);

    /// <inheritdoc/>
    public override DeviceBuffer Slice(long byteOffset, long byteLength) =>
        new SimdBuffer(_pointer + byteOffset, byteLength, Device, owns: false);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (_owns && _pointer is not null)
        {
            NativeMemory.AlignedFree(_pointer);
            GC.RemoveMemoryPressure(Math.Max(1, ByteLength));
        }

        _pointer = null;
    }
}
