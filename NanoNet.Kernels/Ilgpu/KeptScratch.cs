using NanoNet.Kernels.Memory;

namespace NanoNet.Kernels.Ilgpu;

/// <summary>
/// The scratch memory of recorded kernels. They will use it whenever they are repeated, so it does not go back to the
/// pool between one launcher and the next, as it would otherwise, but stays with the recording.
/// </summary>
internal sealed class KeptScratch(BufferPool pool) : IDisposable
{
    private readonly List<DeviceBuffer> _all = [];
    private readonly List<DeviceBuffer> _free = [];

    /// <summary>Memory for one launcher: what an earlier one is done with, if it is large enough.</summary>
    public DeviceBuffer Rent(long byteLength)
    {
        int place = _free.FindIndex(buffer => buffer.ByteLength >= byteLength);
        if (place >= 0)
        {
            var buffer = _free[place];
            _free.RemoveAt(place);
            return buffer;
        }

        _all.Add(pool.Rent(byteLength));
        return _all[^1];
    }

    /// <summary>The launcher is done with it.</summary>
    public void Return(DeviceBuffer buffer) => _free.Add(buffer);

    /// <summary>Gives all memory back to the pool.</summary>
    public void Dispose()
    {
        _all.ForEach(pool.Return);
        _all.Clear();
        _free.Clear();
    }
}
