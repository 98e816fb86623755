using NanoNet.Kernels.Memory;

namespace NanoNet.Core.Tensors;

/// <summary>
/// A pooled buffer and how many tensors look at it: a reshaped tensor shares its source's storage.
/// The last to let go returns the buffer to the pool.
/// </summary>
internal sealed class Storage(BufferPool pool, long byteLength)
{
    private DeviceBuffer? _buffer = pool.Rent(byteLength);
    private int _references = 1;

    public DeviceBuffer Buffer => _buffer
        ?? throw new ObjectDisposedException(nameof(Tensor), "This tensor was disposed, or its TensorScope has ended. "
            + "Keep a tensor beyond its scope with scope.Keep(tensor).");

    public Storage AddReference()
    {
        _ = Buffer;
        _references++;
        return this;
    }

    public void Release()
    {
        if (--_references == 0)
        {
            pool.Return(_buffer!);
            _buffer = null;
        }
    }
}
