using System.Diagnostics;
using NanoNet.Core.Autograd;
using NanoNet.Kernels;
using NanoNet.Kernels.Memory;

namespace NanoNet.Core.Tensors;

/// <summary>
/// A shape and a buffer on a device: densely packed, row-major, float32 unless made of class indices (int32).
/// </summary>
/// <remarks>
/// Made inside a <see cref="TensorScope"/>, a tensor belongs to it and is gone when the scope ends. Made outside any
/// scope, it belongs to the caller, who disposes it. Operations never change their operands.
/// </remarks>
[DebuggerDisplay("{ToString(),nq}")]
public sealed partial class Tensor : IDisposable
{
    // Null when disposed. A reshaped tensor shares its source's buffer, and the last to let go gives it back to the
    // pool.
    private DeviceBuffer? _buffer;

    private Tensor(Device device, Shape shape, ElementType type, DeviceBuffer buffer)
    {
        Device = device;
        Shape = shape;
        Type = type;
        _buffer = buffer;
        TensorScope.Current?.Own(this);
    }

    /// <summary>Where it lives.</summary>
    public Device Device { get; }

    /// <summary>The sizes of its axes.</summary>
    public Shape Shape { get; }

    /// <summary>What its elements are.</summary>
    public ElementType Type { get; }

    /// <summary>How many elements it has.</summary>
    public int Count => Shape.Count;

    /// <summary>Whether gradients are wanted for it: set for a layer's parameters.</summary>
    public bool RequiresGradient { get; internal set; }

    /// <summary>The device memory; throws when the tensor was disposed.</summary>
    internal DeviceBuffer Buffer => _buffer ?? throw Disposed();

    internal IBackend Backend => Device.Backend;

    /// <summary>The tape that recorded how this tensor came about, if any.</summary>
    internal GradientTape? Tape { get; set; }

    /// <summary>While a tape walks back: the gradient gathered so far.</summary>
    internal Tensor? Gradient { get; set; }

    /// <summary>The scope that will dispose this tensor, if any.</summary>
    internal TensorScope? Scope { get; set; }

    /// <summary>A tensor with arbitrary contents, for an operation to fill.</summary>
    internal static Tensor Allocate(Device device, Shape shape, ElementType type = ElementType.Float32) =>
        new(device, shape, type, device.Backend.Pool.Rent(ByteLength(shape.Count, type)));

    /// <summary>The same elements under another shape; no copy.</summary>
    internal Tensor View(Shape shape) => new(Device, shape, Type, Buffer.Share());

    /// <summary>Gives the memory back to the device's pool, unless a reshaped tensor still needs it.</summary>
    public void Dispose()
    {
        _buffer?.GiveBack();
        _buffer = null;
    }

    private ObjectDisposedException Disposed() => new(nameof(Tensor),
        $"This tensor of shape {Shape} was disposed, or its TensorScope has ended. "
        + "Keep a tensor beyond its scope with scope.Keep(tensor).");

    private static long ByteLength(int count, ElementType type) => (long)count * (type == ElementType.UInt8 ? 1 : 4);
}
