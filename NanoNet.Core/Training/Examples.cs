using NanoNet.Core.Autograd;
using NanoNet.Core.Data;
using NanoNet.Core.Errors;
using NanoNet.Core.Tensors;
using NanoNet.Kernels;

namespace NanoNet.Core.Training;

/// <summary>
/// Inputs and targets on the device, ready to be batched: bytes stay bytes until a batch is gathered and scaled, so a whole
/// image collection fits and no step copies from the host.
/// </summary>
/// <remarks>
/// Whoever makes it disposes it. A subset (<see cref="Subset"/>) shares its parent's memory and must not outlive it.
/// </remarks>
public sealed class Examples : IDisposable
{
    private readonly Tensor _inputs;
    private readonly Tensor _targets;
    private readonly float _scale;
    private readonly bool _ownsTensors;
    private readonly int[]? _subset;

    private Examples(Shape exampleShape, Tensor inputs, Tensor targets, float scale, bool ownsTensors, int[]? subset)
    {
        ExampleShape = exampleShape;
        _inputs = inputs;
        _targets = targets;
        _scale = scale;
        _ownsTensors = ownsTensors;
        _subset = subset;
        Count = subset?.Length ?? inputs.Shape[0];
    }

    /// <summary>How many examples there are.</summary>
    public int Count { get; }

    /// <summary>The shape of one input, without the batch axis.</summary>
    public Shape ExampleShape { get; }

    /// <summary>Where they are.</summary>
    public Device Device => _inputs.Device;

    /// <summary>How targets are written.</summary>
    internal TargetKind TargetKind => _targets.Type == ElementType.Int32 ? TargetKind.ClassIndices : TargetKind.Distributions;

    /// <summary>A data set's images, scaled to [0, 1], with its labels.</summary>
    public static Examples FromImages(Device device, ImageDataset images)
    {
        ArgumentNullException.ThrowIfNull(images);
        return FromBytes(device, images.Images, new Shape(images.Height, images.Width), images.Labels);
    }

    /// <summary>Images as bytes with class labels; a batch's floats are byte · scale.</summary>
    /// <param name="device">Where to put them.</param>
    /// <param name="pixels">All images, one after the other.</param>
    /// <param name="exampleShape">The shape of one image.</param>
    /// <param name="labels">A class index for each.</param>
    /// <param name="scale">What bytes are multiplied with.</param>
    /// <exception cref="ShapeException">The numbers of pixels and labels do not fit.</exception>
    public static Examples FromBytes(
        Device device, ReadOnlySpan<byte> pixels, Shape exampleShape, ReadOnlySpan<byte> labels, float scale = 1f / 255)
    {
        var shape = exampleShape.Batched(RequireCount(labels.Length));
        ShapeException.ThrowIfCountDiffers("Examples.FromBytes", shape, pixels.Length);
        var indices = new int[labels.Length];
        for (int i = 0; i < indices.Length; i++)
        {
            indices[i] = labels[i];
        }

        return new(exampleShape, Upload(device, pixels, shape, ElementType.UInt8), UploadLabels(device, indices), scale, true, null);
    }

    /// <summary>Inputs as floats with class labels.</summary>
    /// <exception cref="ShapeException">The numbers of values and labels do not fit.</exception>
    public static Examples FromArrays(Device device, ReadOnlySpan<float> inputs, Shape exampleShape, ReadOnlySpan<int> labels)
    {
        var shape = exampleShape.Batched(RequireCount(labels.Length));
        ShapeException.ThrowIfCountDiffers("Examples.FromArrays", shape, inputs.Length);
        return new(exampleShape, Upload(device, inputs, shape, ElementType.Float32), UploadLabels(device, labels), 1, true, null);
    }

    /// <summary>Inputs as floats with a distribution over <paramref name="classes"/> classes for each, such as a one-hot row.</summary>
    /// <exception cref="ShapeException">The numbers of values do not fit.</exception>
    public static Examples FromArrays(
        Device device, ReadOnlySpan<float> inputs, Shape exampleShape, ReadOnlySpan<float> distributions, int classes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        int count = RequireCount(distributions.Length / classes);
        var shape = exampleShape.Batched(count);
        ShapeException.ThrowIfCountDiffers("Examples.FromArrays", shape, inputs.Length);
        ShapeException.ThrowIfCountDiffers("Examples.FromArrays", new Shape(count, classes), distributions.Length);
        var targets = Upload(device, distributions, new Shape(count, classes), ElementType.Float32);
        return new(exampleShape, Upload(device, inputs, shape, ElementType.Float32), targets, 1, true, null);
    }

    /// <summary>Some of the examples, in the given order; shares memory with this.</summary>
    public Examples Subset(ReadOnlySpan<int> indices)
    {
        var subset = new int[RequireCount(indices.Length)];
        for (int i = 0; i < subset.Length; i++)
        {
            if ((uint)indices[i] >= (uint)Count)
            {
                throw new ArgumentOutOfRangeException(nameof(indices), indices[i], $"Expected indices from 0 to {Count - 1}.");
            }

            subset[i] = _subset is null ? indices[i] : _subset[indices[i]];
        }

        return new(ExampleShape, _inputs, _targets, _scale, ownsTensors: false, subset);
    }

    /// <summary>Frees the device memory; a subset frees nothing.</summary>
    public void Dispose()
    {
        if (_ownsTensors)
        {
            _inputs.Dispose();
            _targets.Dispose();
        }
    }

    /// <summary>Where the example at a place of this collection lies in the memory that it may share.</summary>
    internal int PlaceOf(int index) => _subset is null ? index : _subset[index];

    /// <summary>The inputs of a batch, [rows, …] in the model's shape, that starts in the order where the clock says.</summary>
    internal Tensor GatherInputs(ExampleOrder order, int rows, Shape exampleShape, StepClock clock)
    {
        var batch = Tensor.Allocate(Device, exampleShape.Batched(rows));
        Device.Backend.Gather(batch.Buffer, _inputs.Buffer, order.Places, new(rows, exampleShape.Count, _inputs.Type, _scale), clock);
        return batch;
    }

    /// <summary>The targets of the same batch.</summary>
    internal Tensor GatherTargets(ExampleOrder order, int rows, StepClock clock)
    {
        int columns = _targets.Shape.RowCount;
        var batch = Tensor.Allocate(Device, _targets.Shape.Unbatched().Batched(rows), _targets.Type);
        Device.Backend.Gather(batch.Buffer, _targets.Buffer, order.Places, new(rows, columns, _targets.Type, 1), clock);
        return batch;
    }

    private static int RequireCount(int count) => count > 0
        ? count
        : throw new ArgumentException("Expected at least one example, got none.");

    private static Tensor UploadLabels(Device device, ReadOnlySpan<int> labels) =>
        Upload(device, labels, new Shape(labels.Length), ElementType.Int32);

    private static Tensor Upload<T>(Device device, ReadOnlySpan<T> values, Shape shape, ElementType type) where T : unmanaged
    {
        var tensor = TensorScope.Outside(() => Tensor.Allocate(device, shape, type));
        device.Backend.Upload(tensor.Buffer, values);
        return tensor;
    }
}
