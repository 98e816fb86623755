using NanoNet.Core.Errors;
using NanoNet.Kernels;

namespace NanoNet.Core.Tensors;

/// <content>How tensors are made.</content>
public sealed partial class Tensor
{
    /// <summary>A tensor of the given values in row-major order.</summary>
    /// <exception cref="ShapeException">The number of values is not the shape's.</exception>
    public static Tensor From(Device device, ReadOnlySpan<float> values, Shape shape)
    {
        ShapeException.ThrowIfCountDiffers("Tensor.From", shape, values.Length);
        var tensor = Allocate(device, shape);
        device.Backend.Upload(tensor.Buffer, values);
        return tensor;
    }

    /// <summary>A vector of class indices, int32 [count].</summary>
    public static Tensor FromLabels(Device device, ReadOnlySpan<int> labels)
    {
        var tensor = Allocate(device, new Shape(labels.Length), ElementType.Int32);
        device.Backend.Upload(tensor.Buffer, labels);
        return tensor;
    }

    /// <summary>A tensor of one value.</summary>
    public static Tensor Full(Device device, float value, Shape shape)
    {
        var tensor = Allocate(device, shape);
        device.Backend.Fill(tensor.Buffer, value, shape.Count);
        return tensor;
    }

    /// <summary>A tensor of zeros.</summary>
    public static Tensor Zeros(Device device, Shape shape) => Full(device, 0, shape);

    /// <summary>A tensor of ones.</summary>
    public static Tensor Ones(Device device, Shape shape) => Full(device, 1, shape);

    /// <summary>A copy of this tensor in memory of its own.</summary>
    public Tensor Clone()
    {
        var copy = Allocate(Device, Shape, Type);
        Backend.Copy(copy.Buffer, Buffer, ByteLength(Count, Type));
        return copy;
    }

    /// <summary>Overwrites the values in place; for parameters. Operations that were recorded with the old ones are invalid.</summary>
    /// <exception cref="ShapeException">The number of values is not the shape's.</exception>
    public void Assign(ReadOnlySpan<float> values)
    {
        ShapeException.ThrowIfCountDiffers("Tensor.Assign", Shape, values.Length);
        Backend.Upload(Buffer, values);
    }
}
