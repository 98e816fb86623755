using System.Numerics;

namespace NanoNet.Kernels.Memory;

/// <summary>
/// Keeps returned buffers and hands them out again, so that a training step allocates no device memory.
/// </summary>
/// <remarks>
/// Free lists by size class: four classes to a power of two, so at most a quarter of a buffer is unused. When the
/// device has no memory left, the cache is dropped and the allocation tried once more (as in tinygrad's LRU allocator).
/// Contents of a rented buffer are arbitrary. Not thread-safe, like the backend it belongs to.
/// Without <paramref name="reuses"/> every buffer is new and not a byte longer than asked for, and returned ones wait
/// for <see cref="DropCache"/>: tools that look for stray accesses and unwritten values then see each of them.
/// </remarks>
/// <param name="allocate">Allocates so many bytes on the device.</param>
/// <param name="reuses">Whether returned buffers are handed out again.</param>
public sealed class BufferPool(Func<long, DeviceBuffer> allocate, bool reuses = true) : IDisposable
{
    private readonly Dictionary<long, Stack<DeviceBuffer>> _free = [];
    private bool _isDisposed;

    /// <summary>Bytes rented and not yet returned.</summary>
    public long LiveBytes { get; private set; }

    /// <summary>Bytes kept for reuse.</summary>
    public long CachedBytes { get; private set; }

    /// <summary>The most bytes that were ever live and cached together.</summary>
    public long PeakBytes { get; private set; }

    /// <summary>How many buffers were allocated on the device so far: flat once a training loop is warm.</summary>
    public long Allocations { get; private set; }

    /// <summary>A buffer of at least <paramref name="byteLength"/> bytes with arbitrary contents.</summary>
    /// <exception cref="ObjectDisposedException">The pool, and so its backend, was disposed.</exception>
    public DeviceBuffer Rent(long byteLength)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(byteLength);
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        long size = reuses ? SizeClass(byteLength) : Math.Max(1, byteLength);
        if (reuses && _free.TryGetValue(size, out var stack) && stack.TryPop(out var buffer))
        {
            CachedBytes -= size;
        }
        else
        {
            buffer = Allocate(size);
            Allocations++;
        }

        buffer.Lender = this;
        buffer.Owners = 1;
        LiveBytes += size;
        PeakBytes = Math.Max(PeakBytes, LiveBytes + CachedBytes);
        return buffer;
    }

    /// <summary>
    /// Takes back a buffer that came from <see cref="Rent"/>. It is free again when each of its owners has given it
    /// back.
    /// </summary>
    /// <exception cref="InvalidOperationException"> The buffer was returned before, is a slice, or belongs to another
    /// pool: kept here it would be handed out twice. </exception>
    public void Return(DeviceBuffer buffer)
    {
        if (buffer.Lender != this)
        {
            throw CannotReturn(buffer);
        }

        if (--buffer.Owners > 0)
        {
            return;
        }

        buffer.Lender = null;
        LiveBytes -= buffer.ByteLength;
        if (_isDisposed)
        {
            buffer.Dispose();
            return;
        }

        if (!_free.TryGetValue(buffer.ByteLength, out var stack))
        {
            _free.Add(buffer.ByteLength, stack = new Stack<DeviceBuffer>());
        }

        stack.Push(buffer);
        CachedBytes += buffer.ByteLength;
    }

    /// <summary>Frees every buffer that is kept for reuse.</summary>
    public void DropCache()
    {
        foreach (var buffer in _free.Values.SelectMany(stack => stack))
        {
            buffer.Dispose();
        }

        _free.Clear();
        CachedBytes = 0;
    }

    /// <summary>Frees the cache. Buffers still rented are freed when they are returned.</summary>
    public void Dispose()
    {
        _isDisposed = true;
        DropCache();
    }

    /// <summary>Takes a buffer back to wherever it came from.</summary>
    internal static void GiveBack(DeviceBuffer buffer) => (buffer.Lender ?? throw CannotReturn(buffer)).Return(buffer);

    /// <summary>
    /// The size that a request is rounded up to: a multiple of a quarter of the power of two below it.
    /// </summary>
    internal static long SizeClass(long byteLength)
    {
        if (byteLength <= 4 * DeviceBuffer.Alignment)
        {
            long units = (byteLength + DeviceBuffer.Alignment - 1) / DeviceBuffer.Alignment;
            return Math.Max(1, units) * DeviceBuffer.Alignment;
        }

        long quarter = (long)BitOperations.RoundUpToPowerOf2((ulong)byteLength) / 8;
        return (byteLength + quarter - 1) / quarter * quarter;
    }

    private static InvalidOperationException CannotReturn(DeviceBuffer buffer)
    {
        string reason = buffer.Lender is null ? "was returned before or is a slice" : "belongs to another pool";
        return new($"Cannot return this buffer ({buffer}): it {reason}.");
    }

    private DeviceBuffer Allocate(long size)
    {
        try
        {
            return allocate(size);
        }
        catch (Exception) when (CachedBytes > 0)
        {
            DropCache();
            return allocate(size);
        }
    }
}
