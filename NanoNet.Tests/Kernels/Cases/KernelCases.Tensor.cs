using System.Runtime.CompilerServices;
using NanoNet.Kernels;
using NanoNet.Kernels.Geometry;
using NanoNet.Kernels.Ilgpu;
using NanoNet.Tests.Checking;
using NanoNet.Tests.Kernels.Ilgpu;

namespace NanoNet.Tests.Kernels.Cases;

/// <content>Products for tensor cores; where there are none, with <see cref="EmulatedTensorCore"/>.</content>
internal static partial class KernelCases
{
    private static readonly ConditionalWeakTable<IlgpuBackend, Dictionary<Precision, TensorProducts>> s_tensor = [];

    /// <summary>
    /// Each precision with its tiles: depths and sizes that are no multiples of the tile's, the depth whole and cut, every way in which
    /// operands are read, the bias and ReLU.
    /// </summary>
    /// <remarks>Few: a device without tensor cores takes seconds to compile each kernel.</remarks>
    public static IEnumerable<KernelCase> TensorProducts =>
    [
        .. OnTensorCores(Precision.Tf32, TensorTileSize.Medium, 1, Forms(68, 36, 52)),
        .. OnTensorCores(Precision.Tf32, TensorTileSize.Medium, 2, Forms(36, 100, 84)),
        .. OnTensorCores(Precision.Tf32, TensorTileSize.Medium, 2, TensorConvolutions),
        .. OnTensorCores(Precision.Tf32x3, TensorTileSize.Medium, 1, Forms(68, 36, 84).Take(2)),
        .. OnTensorCores(Precision.Tf32x3, TensorTileSize.Medium, 2, Forms(36, 100, 108).Take(2)),
        .. OnTensorCores(Precision.Tf32, TensorTileSize.Large, 1, Forms(132, 36, 20).Take(1)),
        .. OnTensorCores(Precision.Tf32, TensorTileSize.Large, 2, Forms(36, 140, 36).Take(1)),
        .. OnTensorCores(Precision.Tf32x3, TensorTileSize.Tall, 1, Forms(132, 36, 52).Take(1)),
        .. OnTensorCores(Precision.Tf32x3, TensorTileSize.Tall, 2, Forms(36, 68, 108).Take(1)),
    ];

    /// <summary>Every product with every tile, for devices that have tensor cores.</summary>
    public static IEnumerable<KernelCase> MoreTensorProducts =>
        from layout in new[]
        {
            (Precision.Tf32, TensorTileSize.Medium), (Precision.Tf32, TensorTileSize.Large),
            (Precision.Tf32x3, TensorTileSize.Medium), (Precision.Tf32x3, TensorTileSize.Tall),
        }
        from splits in Enumerable.Range(1, 2)
        from product in OnTensorCores(
            layout.Item1, layout.Item2, splits, [.. AllForms(100 + 64 * splits, 164 - 64 * splits, 40 * splits + 4), .. TensorConvolutions])
        select product;

    private static IEnumerable<KernelCase> TensorConvolutions
    {
        get
        {
            var near = new ConvolutionShape(2, 5, 4, 36, 40, 3, 2, 1, 1, Padding.Same);
            var far = new ConvolutionShape(2, 5, 5, 36, 36, 3, 3, 2, 2, Padding.Same);
            yield return Conv2D(near, hasBias: true, Activation.Relu);
            yield return InputGradient(near);
            yield return FilterGradient(near);
            yield return InputGradient(far);
        }
    }

    // Along depths and along rows; both operands are read in both ways.
    private static IEnumerable<KernelCase> Forms(int rows, int columns, int depth)
    {
        yield return MatMul(new(rows, columns, depth), hasBias: true, Activation.Relu);
        yield return MatMul(new(rows, columns, depth, TransposeA: true, TransposeB: true), hasBias: false, Activation.None);
    }

    private static IEnumerable<KernelCase> AllForms(int rows, int columns, int depth) =>
    [
        .. Forms(rows, columns, depth),
        MatMul(new(rows, columns, depth, TransposeA: true), hasBias: true, Activation.None),
        MatMul(new(rows, columns, depth, TransposeB: true), hasBias: true, Activation.Relu),
    ];

    private static IEnumerable<KernelCase> OnTensorCores(
        Precision precision, TensorTileSize tile, int splits, IEnumerable<KernelCase> products) =>
        products.Select(product => new KernelCase($"{product.Name}, {precision}, {tile} tensor tile, {splits} splits", product.Cost, run =>
        {
            var backend = (IlgpuBackend)run.Backend;
            var tensor = TensorOf(backend, precision);
            tensor.Forced = new(tile, splits);
            var before = backend.Products.Tensor;
            backend.Products.Tensor = tensor;
            run.Extra = precision == Precision.Tf32 ? Tolerance.Tf32 : Tolerance.Exact;
            try
            {
                product.Body(run);
            }
            finally
            {
                backend.Products.Tensor = before;
            }
        }));

    private static TensorProducts TensorOf(IlgpuBackend backend, Precision precision)
    {
        var made = s_tensor.GetOrCreateValue(backend);
        if (!made.TryGetValue(precision, out var tensor))
        {
            tensor = backend.HasTensorCores
                ? new TensorProducts<CudaTensorCore>(backend.Queue, backend.Products, precision)
                : new TensorProducts<EmulatedTensorCore>(backend.Queue, backend.Products, precision);
            made.Add(precision, tensor);
        }

        return tensor;
    }
}
