using System.Runtime.InteropServices;
using NanoNet.Kernels;
using NanoNet.Kernels.Memory;

namespace NanoNet.Tests.Checking;

/// <summary>
/// A buffer in the middle of a larger one, with sentinels before its first byte and after its last. The sentinels are NaNs: a
/// kernel that writes beside its output is caught by their change, and one that reads beside its input and uses what it
/// finds, by the NaN in its result. Outputs are NaN before, too, so that nothing stays unwritten. Without guards it is memory
/// of its own, not a byte longer than its data, and an output has never been written: for tools that watch memory themselves.
/// </summary>
internal sealed class GuardedBuffer : IDisposable
{
    /// <summary>Wider than any vector, tile or group that might hang over.</summary>
    private const int GuardBytes = 16 * DeviceBuffer.Alignment;

    private const uint Sentinel = 0x7FC5A5A5;
    private readonly IBackend _backend;
    private readonly DeviceBuffer _whole;
    private readonly byte[] _before;
    private readonly int _byteCount;
    private readonly int _guard;

    private GuardedBuffer(IBackend backend, ReadOnlySpan<byte> contents, int byteCount, bool isOutput, bool isGuarded)
    {
        _backend = backend;
        _byteCount = byteCount;
        IsOutput = isOutput;
        if (!isGuarded)
        {
            _before = contents.ToArray();
            _whole = Buffer = backend.Pool.Rent(byteCount);
            if (!contents.IsEmpty)
            {
                backend.Upload(_whole, contents);
            }

            return;
        }

        // The end of the guard need not be aligned: it begins at the byte that follows the data.
        _guard = GuardBytes;
        _before = new byte[((2 * GuardBytes) + byteCount + 3) / 4 * 4];
        MemoryMarshal.Cast<byte, uint>(_before.AsSpan()).Fill(Sentinel);
        contents.CopyTo(_before.AsSpan(GuardBytes));
        _whole = backend.Pool.Rent(_before.Length);
        backend.Upload<byte>(_whole, _before);
        Buffer = _whole.Slice(GuardBytes, byteCount);
    }

    /// <summary>What a kernel is given.</summary>
    public DeviceBuffer Buffer { get; }

    /// <summary>Whether a kernel may write to it.</summary>
    public bool IsOutput { get; }

    public static GuardedBuffer Input<T>(IBackend backend, ReadOnlySpan<T> values, bool isGuarded) where T : unmanaged
    {
        var bytes = MemoryMarshal.AsBytes(values);
        return new(backend, bytes, bytes.Length, isOutput: false, isGuarded);
    }

    /// <summary>A buffer that is read and written.</summary>
    public static GuardedBuffer InOut<T>(IBackend backend, ReadOnlySpan<T> values, bool isGuarded) where T : unmanaged
    {
        var bytes = MemoryMarshal.AsBytes(values);
        return new(backend, bytes, bytes.Length, isOutput: true, isGuarded);
    }

    /// <summary>A buffer of 4-byte elements to be written.</summary>
    public static GuardedBuffer Output(IBackend backend, int count, bool isGuarded) =>
        new(backend, [], count * 4, isOutput: true, isGuarded);

    /// <summary>Its contents.</summary>
    public byte[] Read() => ReadWhole().AsSpan(_guard, _byteCount).ToArray();

    /// <summary>Fails if a byte outside the buffer changed, or one inside it that is no output.</summary>
    public void Verify(string what)
    {
        byte[] after = ReadWhole();
        for (int i = 0; i < _before.Length; i++)
        {
            int place = i - _guard;
            bool mayChange = IsOutput && place >= 0 && place < _byteCount;
            if (after[i] != _before[i] && !mayChange)
            {
                string where = place < 0 ? $"{-place} bytes before the first byte of a buffer"
                    : place >= _byteCount ? $"{place - _byteCount} bytes after the last byte of a buffer"
                    : $"byte {place} of an input";
                throw new CheckFailedException($"{what}: a stray write, {where} of {_byteCount} bytes.");
            }
        }
    }

    public void Dispose() => _backend.Pool.Return(_whole);

    private byte[] ReadWhole()
    {
        byte[] bytes = new byte[Math.Max(_before.Length, _byteCount)];
        _backend.Download<byte>(bytes, _whole);
        return bytes;
    }
}
