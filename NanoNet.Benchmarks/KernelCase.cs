using System.Globalization;
using NanoNet.Kernels;
using NanoNet.Kernels.Geometry;
using NanoNet.Kernels.Memory;
using NanoNet.Kernels.Random;

namespace NanoNet.Benchmarks;

/// <summary>One kernel at one shape.</summary>
/// <param name="name">What is printed.</param>
/// <param name="cost">What it cannot do without.</param>
/// <param name="prepare">Makes buffers on a backend and returns the call to time.</param>
public sealed class KernelCase(string name, KernelCost cost, Func<IBackend, Action> prepare)
{
    private const int Period = 1 << 20;

    /// <summary>The cases at batch 32.</summary>
    public static IReadOnlyList<KernelCase> All { get; } = [.. ForBatch(32)];

    /// <summary>What is printed.</summary>
    public string Name { get; } = name;

    /// <summary>What it cannot do without.</summary>
    public KernelCost Cost { get; } = cost;

    /// <summary>Square products, and every kernel of a training step of Models A and B.</summary>
    public static IEnumerable<KernelCase> ForBatch(int batch) =>
    [
        MatMul("512 x 512 x 512", new(512, 512, 512)),
        MatMul("1024 x 1024 x 1024", new(1024, 1024, 1024)),
        MatMul("2048 x 2048 x 2048", new(2048, 2048, 2048)),
        .. Dense("A dense", batch, 784, 256, isFirst: true),
        .. Dense("A dense_1", batch, 256, 128),
        .. Dense("A dense_2", batch, 128, 64),
        .. Dense("A dense_3", batch, 64, 10),
        .. Convolution("B conv2d 7x7", Conv2DGeometry.Create(batch, 28, 28, 1, 64, 7, 7, 1, 1, Padding.Same), isFirst: true),
        .. Convolution("B conv2d_1", Conv2DGeometry.Create(batch, 14, 14, 64, 128, 3, 3, 1, 1, Padding.Same)),
        .. Convolution("B conv2d_2", Conv2DGeometry.Create(batch, 14, 14, 128, 128, 3, 3, 1, 1, Padding.Same)),
        .. Convolution("B conv2d_3", Conv2DGeometry.Create(batch, 7, 7, 128, 256, 3, 3, 1, 1, Padding.Same)),
        .. Convolution("B conv2d_4", Conv2DGeometry.Create(batch, 7, 7, 256, 256, 3, 3, 1, 1, Padding.Same)),
        .. Pool("B max_pool", Pool2DGeometry.Create(batch, 28, 28, 64, 2, 2, 2, 2, Padding.Valid)),
        .. Pool("B max_pool_1", Pool2DGeometry.Create(batch, 14, 14, 128, 2, 2, 2, 2, Padding.Valid)),
        .. Pool("B max_pool_2", Pool2DGeometry.Create(batch, 7, 7, 256, 2, 2, 2, 2, Padding.Valid)),
        .. Dense("B dense", batch, 2304, 128),
        ReluBias("A dense", batch, 256),
        ReluBias("B conv2d", batch * 784, 64),
        ReluBias("B conv2d_2", batch * 196, 128),
        ReluBias("B conv2d_4", batch * 49, 256),
        Gather(batch),
        Dropout(batch, 256),
        Loss(batch),
        Update("A", 242762),
        Update("B", 1413834),
    ];

    /// <summary>Square products that only a GPU does in a moment.</summary>
    public static IReadOnlyList<KernelCase> LargeProducts { get; } =
    [
        MatMul("4096 x 4096 x 4096", new(4096, 4096, 4096)),
        MatMul("8192 x 8192 x 8192", new(8192, 8192, 8192)),
    ];

    /// <summary>Makes buffers and returns the call to time; the backend's end frees them.</summary>
    public Action Prepare(IBackend backend) => prepare(backend);

    /// <inheritdoc/>
    public override string ToString() => Name;

    private static KernelCase MatMul(string name, MatMulGeometry geometry) => new("matmul " + name, KernelCost.Of(geometry), backend =>
    {
        var c = Rent(backend, geometry.M * geometry.N);
        var a = Rent(backend, geometry.M * geometry.K);
        var b = Rent(backend, geometry.K * geometry.N);
        return () => backend.MatMul(c, a, b, null, geometry, Activation.None);
    });

    // A first layer passes no gradient to its input.
    private static IEnumerable<KernelCase> Dense(string name, int batch, int inputs, int outputs, bool isFirst = false)
    {
        string shape = string.Create(CultureInfo.InvariantCulture, $"{name} {batch} x {inputs} x {outputs}");
        yield return MatMul(shape, new(batch, outputs, inputs));
        yield return MatMul(shape + ", kernel gradient", new(inputs, outputs, batch, TransposeA: true));
        if (!isFirst)
        {
            yield return MatMul(shape + ", input gradient", new(batch, inputs, outputs, TransposeB: true));
        }
    }

    private static IEnumerable<KernelCase> Convolution(string name, Conv2DGeometry geometry, bool isFirst = false)
    {
        string shape = string.Create(CultureInfo.InvariantCulture,
            $"{name} {geometry.Height}x{geometry.Width}x{geometry.Channels} to {geometry.Filters}");
        var cost = KernelCost.Of(geometry);
        yield return new(shape, cost, backend =>
        {
            var (y, x, f, bias) = (Rent(backend, geometry.OutputCount), Rent(backend, geometry.InputCount),
                Rent(backend, geometry.FilterCount), Rent(backend, geometry.Filters));
            return () => backend.Conv2D(y, x, f, bias, geometry, Activation.Relu);
        });
        if (!isFirst)
        {
            yield return new($"{shape}, input gradient", cost, backend =>
            {
                var (dx, dy, f) = (Rent(backend, geometry.InputCount), Rent(backend, geometry.OutputCount), Rent(backend, geometry.FilterCount));
                return () => backend.Conv2DInputGradient(dx, dy, f, geometry);
            });
        }

        yield return new($"{shape}, filter gradient", cost, backend =>
        {
            var (df, x, dy) = (Rent(backend, geometry.FilterCount), Rent(backend, geometry.InputCount), Rent(backend, geometry.OutputCount));
            return () => backend.Conv2DFilterGradient(df, x, dy, geometry);
        });
    }

    private static IEnumerable<KernelCase> Pool(string name, Pool2DGeometry geometry)
    {
        string shape = string.Create(CultureInfo.InvariantCulture, $"{name} {geometry.Height}x{geometry.Width}x{geometry.Channels}");
        var cost = KernelCost.Traffic((double)geometry.InputCount + 2 * geometry.OutputCount);
        yield return new(shape, cost, backend =>
        {
            var (y, argmax, x) = (Rent(backend, geometry.OutputCount), Rent(backend, geometry.OutputCount), Rent(backend, geometry.InputCount));
            return () => backend.MaxPool2D(y, argmax, x, geometry);
        });
        yield return new($"{shape}, gradient", cost, backend =>
        {
            var (dx, dy, argmax, x) = (Rent(backend, geometry.InputCount), Rent(backend, geometry.OutputCount),
                Rent(backend, geometry.OutputCount), Rent(backend, geometry.InputCount));
            backend.MaxPool2D(dy, argmax, x, geometry);
            return () => backend.MaxPool2DGradient(dx, dy, argmax, geometry);
        });
    }

    private static KernelCase ReluBias(string name, int rows, int columns)
    {
        int count = rows * columns;
        string shape = string.Create(CultureInfo.InvariantCulture, $"{name} {rows} x {columns}, relu and bias gradient");
        return new(shape, KernelCost.Traffic(3.0 * count), backend =>
        {
            var (dz, dbias, dy, y) = (Rent(backend, count), Rent(backend, columns), Rent(backend, count), Rent(backend, count));
            return () => backend.ReluBiasGradient(dz, dbias, dy, y, rows, columns);
        });
    }

    private static KernelCase Gather(int batch) => new("gather and scale a batch of images", new(0, 5.0 * batch * 784), backend =>
    {
        const int images = 10_000;
        var pixels = new byte[images * 784];
        new Random(1).NextBytes(pixels);
        var (source, order, y) = (backend.Pool.Rent(pixels.Length), backend.Pool.Rent(4L * images), Rent(backend, batch * 784));
        backend.Upload<byte>(source, pixels);
        backend.Upload<int>(order, [.. Enumerable.Range(0, images).Select(i => i * 7919 % images)]);
        var clock = new StepClock();
        return () =>
        {
            clock.Start = (clock.Start + batch) % (images - batch);
            backend.Gather(y, source, order, new(batch, 784, ElementType.UInt8, 1f / 255), clock);
        };
    });

    private static KernelCase Dropout(int batch, int columns)
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"dropout {batch} x {columns}");
        return new(name, KernelCost.Traffic(2.0 * batch * columns), backend =>
        {
            var (y, x) = (Rent(backend, batch * columns), Rent(backend, batch * columns));
            var mask = new DropoutMask(0.2f, 1, 2, 0, new StepClock());
            return () => backend.Dropout(y, x, mask, batch, columns);
        });
    }

    private static KernelCase Loss(int batch)
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"softmax cross-entropy {batch} x 10 and its gradient");
        return new(name, KernelCost.Traffic(20.0 * batch), backend =>
        {
            var (losses, logits, labels) = (Rent(backend, batch), Rent(backend, batch * 10), Rent(backend, batch));
            var (dlogits, upstream) = (Rent(backend, batch * 10), Rent(backend, 1));
            backend.Upload<int>(labels, new int[batch]);
            return () =>
            {
                backend.SoftmaxCrossEntropy(losses, logits, labels, TargetKind.ClassIndices, batch, 10);
                backend.SoftmaxCrossEntropyGradient(dlogits, upstream, logits, labels, TargetKind.ClassIndices, batch, 10);
            };
        });
    }

    private static KernelCase Update(string model, int count) => new($"sgd update of Model {model}", KernelCost.Traffic(3.0 * count), backend =>
    {
        var (w, g) = (Rent(backend, count), Rent(backend, count));
        return () => backend.SgdUpdate(w, g, null, 0.01f, 0, false, count);
    });

    // Random values in [-0.5, 0.5), the same again after a million: zeros could be faster than what a net holds.
    private static DeviceBuffer Rent(IBackend backend, int count)
    {
        var buffer = backend.Pool.Rent(4L * count);
        var random = new Random(count);
        var values = new float[count];
        for (int i = 0; i < count; i++)
        {
            values[i] = i < Period ? random.NextSingle() - 0.5f : values[i - Period];
        }

        backend.Upload<float>(buffer, values);
        return buffer;
    }
}
