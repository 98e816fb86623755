using System.Globalization;
using NanoNet.Kernels;
using NanoNet.Kernels.Formulas;
using NanoNet.Kernels.Geometry;
using NanoNet.Kernels.Memory;
using NanoNet.Kernels.Random;

namespace NanoNet.Benchmarks;

/// <summary>One kernel at one shape.</summary>
/// <param name="name">What is printed.</param>
/// <param name="prepare">Makes buffers on a backend and returns the call to time.</param>
public sealed class KernelCase(string name, Func<IBackend, Action> prepare)
{
    /// <summary>Models A's and B's shapes at batch 32, and square products.</summary>
    public static IReadOnlyList<KernelCase> All { get; } =
    [
        MatMul("1024 x 1024 x 1024", new(1024, 1024, 1024)),
        MatMul("A dense 1: 32 x 256 x 784", new(32, 256, 784)),
        MatMul("A dense 1, kernel gradient", new(784, 256, 32, TransposeA: true)),
        MatMul("A dense 2, input gradient", new(32, 256, 128, TransposeB: true)),
        .. Convolution("28x28x1 to 64, 7x7", Conv2DGeometry.Create(32, 28, 28, 1, 64, 7, 7, 1, 1, Padding.Same)),
        .. Convolution("14x14x64 to 128, 3x3", Conv2DGeometry.Create(32, 14, 14, 64, 128, 3, 3, 1, 1, Padding.Same)),
        .. Convolution("14x14x128 to 128, 3x3", Conv2DGeometry.Create(32, 14, 14, 128, 128, 3, 3, 1, 1, Padding.Same)),
        .. Convolution("7x7x256 to 256, 3x3", Conv2DGeometry.Create(32, 7, 7, 256, 256, 3, 3, 1, 1, Padding.Same)),
        .. Pool(Pool2DGeometry.Create(32, 28, 28, 64, 2, 2, 2, 2, Padding.Valid)),
        new("relu and bias gradient 25088 x 64", backend =>
        {
            var (dz, dbias, dy, y) = (Rent(backend, 25088 * 64), Rent(backend, 64), Rent(backend, 25088 * 64), Rent(backend, 25088 * 64));
            return () => backend.ReluBiasGradient(dz, dbias, dy, y, 25088, 64);
        }),
        new("relu 4M", backend =>
        {
            var (y, x) = (Rent(backend, 1 << 22), Rent(backend, 1 << 22));
            return () => backend.Unary<Relu>(y, x, 1 << 22);
        }),
        new("softmax cross-entropy 32 x 10", backend =>
        {
            var (losses, logits, labels) = (Rent(backend, 32), Rent(backend, 320), Rent(backend, 32));
            backend.Upload<int>(labels, new int[32]);
            return () => backend.SoftmaxCrossEntropy(losses, logits, labels, TargetKind.ClassIndices, 32, 10);
        }),
        new("dropout 32 x 256", backend =>
        {
            var (y, x) = (Rent(backend, 32 * 256), Rent(backend, 32 * 256));
            var mask = new DropoutMask(0.2f, 1, 2, 0, new StepClock());
            return () => backend.Dropout(y, x, mask, 32, 256);
        }),
        new("sgd update 1.4M", backend =>
        {
            var (w, g) = (Rent(backend, 1413834), Rent(backend, 1413834));
            return () => backend.SgdUpdate(w, g, null, 0.01f, 0, false, 1413834);
        }),
    ];

    /// <summary>What is printed.</summary>
    public string Name { get; } = name;

    /// <summary>Makes buffers and returns the call to time; the backend's end frees them.</summary>
    public Action Prepare(IBackend backend) => prepare(backend);

    /// <inheritdoc/>
    public override string ToString() => Name;

    private static KernelCase MatMul(string name, MatMulGeometry geometry) => new("matmul " + name, backend =>
    {
        var c = Rent(backend, geometry.M * geometry.N);
        var a = Rent(backend, geometry.M * geometry.K);
        var b = Rent(backend, geometry.K * geometry.N);
        return () => backend.MatMul(c, a, b, null, geometry, Activation.None);
    });

    private static IEnumerable<KernelCase> Convolution(string name, Conv2DGeometry geometry)
    {
        yield return new($"conv2d {name}", backend =>
        {
            var (y, x, f, bias) = (Rent(backend, geometry.OutputCount), Rent(backend, geometry.InputCount),
                Rent(backend, geometry.FilterCount), Rent(backend, geometry.Filters));
            return () => backend.Conv2D(y, x, f, bias, geometry, Activation.Relu);
        });
        yield return new($"conv2d {name}, input gradient", backend =>
        {
            var (dx, dy, f) = (Rent(backend, geometry.InputCount), Rent(backend, geometry.OutputCount), Rent(backend, geometry.FilterCount));
            return () => backend.Conv2DInputGradient(dx, dy, f, geometry);
        });
        yield return new($"conv2d {name}, filter gradient", backend =>
        {
            var (df, x, dy) = (Rent(backend, geometry.FilterCount), Rent(backend, geometry.InputCount), Rent(backend, geometry.OutputCount));
            return () => backend.Conv2DFilterGradient(df, x, dy, geometry);
        });
    }

    private static IEnumerable<KernelCase> Pool(Pool2DGeometry geometry)
    {
        string shape = string.Create(CultureInfo.InvariantCulture, $"{geometry.Height}x{geometry.Width}x{geometry.Channels}");
        yield return new($"max-pool {shape}", backend =>
        {
            var (y, argmax, x) = (Rent(backend, geometry.OutputCount), Rent(backend, geometry.OutputCount), Rent(backend, geometry.InputCount));
            return () => backend.MaxPool2D(y, argmax, x, geometry);
        });
        yield return new($"max-pool {shape}, gradient", backend =>
        {
            var (dx, dy, argmax, x) = (Rent(backend, geometry.InputCount), Rent(backend, geometry.OutputCount),
                Rent(backend, geometry.OutputCount), Rent(backend, geometry.InputCount));
            backend.MaxPool2D(dy, argmax, x, geometry);
            return () => backend.MaxPool2DGradient(dx, dy, argmax, geometry);
        });
    }

    // Random values in [-0.5, 0.5): zeros could be faster than what a net holds.
    private static DeviceBuffer Rent(IBackend backend, int count)
    {
        var buffer = backend.Pool.Rent(4L * count);
        var random = new Random(count);
        var values = new float[count];
        for (int i = 0; i < count; i++)
        {
            values[i] = random.NextSingle() - 0.5f;
        }

        backend.Upload<float>(buffer, values);
        return buffer;
    }
}
