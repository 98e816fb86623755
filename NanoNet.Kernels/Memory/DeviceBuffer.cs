using System.Diagnostics;

namespace NanoNet.Kernels.Memory;

/// <summary>
/// A block of device memory, 256-byte aligned. It knows its size and where it lives, nothing of what is in it.
/// </summary>
/// <remarks>
/// Whoever rents a buffer from a <see cref="BufferPool"/> owns it and gives it back there. There can be several owners
/// (<see cref="Share"/>): the last to give it back counts. A slice shares its parent's memory and owns nothing.
/// </remarks>
[DebuggerDisplay("{ToString(),nq}")]
public abstract class DeviceBuffer(long byteLength, DeviceInfo device) : IDisposable
{
    /// <summary>
    /// Buffers and slices start at multiples of this many bytes: full cache lines, and vector loads of any width.
    /// </summary>
    public const int Alignment = 256;

    /// <summary>Size in bytes.</summary>
    public long ByteLength { get; } = byteLength;

    /// <summary>Where the memory is.</summary>
    public DeviceInfo Device { get; } = device;

    /// <summary>The pool that has lent this buffer out; null for a slice, and while the pool keeps it.</summary>
    internal BufferPool? Lender { get; set; }

    /// <summary>How many have yet to give it back.</summary>
    internal int Owners { get; set; }

    /// <summary>Counts one more owner.</summary>
    public DeviceBuffer Share()
    {
        Owners++;
        return this;
    }

    /// <summary>Gives the buffer back to the pool that has lent it.</summary>
    /// <exception cref="InvalidOperationException">It was given back by all its owners before, or is a
    /// slice.</exception>
    public void GiveBack() => BufferPool.GiveBack(this);

    /// <summary>
    /// The part of this buffer that starts at <paramref name="byteOffset"/> (a multiple of <see cref="Alignment"/>).
    /// </summary>
    public abstract DeviceBuffer Slice(long byteOffset, long byteLength);

    /// <summary>Frees the memory. For buffers from a pool the pool does this.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees what the derived class allocated.</summary>
    protected abstract void Dispose(bool disposing);

    /// <inheritdoc/>
    public override string ToString() => $"{ByteLength:N0} bytes on {Device.Name}";
}
