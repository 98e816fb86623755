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
    /// Each precision with its smaller tile: depths and sizes that are no multiples of the tile's, the depth whole and cut, every way in
    /// which operands are read, the bias and ReLU; small, and with more than one tile both ways.
    /// </summary>
    /// <remarks>Few kernels: a device without tensor cores takes seconds to compile each.</remarks>
    public static IEnumerable<KernelCase> TensorProducts =>
    [
        .. OnTensorCores(Precision.Tf32, TensorTileSize.Medium, 1, [.. Forms(12, 20, 52), .. Forms(68, 36, 52)]),
        .. OnTensorCores(Precision.Tf32, TensorTileSize.Medium, 2, [.. Forms(20, 12, 68), .. Forms(36, 100, 84)]),
        .. OnTensorCores(Precision.Tf32, TensorTileSize.Medium, 1, [.. SmallTensorConvolutions]),
        .. OnTensorCores(Precision.Tf32, TensorTileSize.Medium, 2, [.. TensorConvolutions]),
        .. OnTensorCores(Precision.Tf32x3, TensorTileSize.Medium, 1, [Forms(12, 20, 52).Last(), Forms(68, 36, 84).Last()]),
        .. OnTensorCores(Precision.Tf32x3, TensorTileSize.Medium, 2, [Forms(20, 12, 68).Last(), Forms(36, 100, 108).Last()]),
    ];

    /// <summary>The larger tiles, which PoCL takes twenty seconds each to compile: for devices that interpret.</summary>
    public static IEnumerable<KernelCase> LargeTensorProducts =>
    [
        .. OnTensorCores(Precision.Tf32, TensorTileSize.Large, 1, Forms(12, 20, 52)),
        .. OnTensorCores(Precision.Tf32, TensorTileSize.Large, 2, Forms(20, 12, 68)),
        .. OnTensorCores(Precision.Tf32, TensorTileSize.Broad, 1, Forms(12, 20, 52)),
        .. OnTensorCores(Precision.Tf32, TensorTileSize.Broad, 2, Forms(20, 12, 68)),
        .. OnTensorCores(Precision.Tf32x3, TensorTileSize.Tall, 1, Forms(12, 20, 52)),
        .. OnTensorCores(Precision.Tf32x3, TensorTileSize.Tall, 2, Forms(20, 12, 68)),
    ];

    /// <summary>Every product with every tile, for devices that have tensor cores.</summary>
    public static IEnumerable<KernelCase> MoreTensorProducts =>
        from layout in new[]
        {
            (Precision.Tf32, TensorTileSize.Medium), (Precision.Tf32, TensorTileSize.Large),
            (Precision.Tf32, TensorTileSize.Broad), (Precision.Tf32x3, TensorTileSize.Medium), (Precision.Tf32x3, TensorTileSize.Tall),
        }
        from splits in Enumerable.Range(1, 2)
        from product in OnTensorCores(
            layout.Item1, layout.Item2, splits, [.. AllForms(100 + 64 * splits, 164 - 64 * splits, 40 * splits + 4), .. TensorConvolutions])
        select product;

    private static IEnumerable<KernelCase> TensorConvolutions => ForwardAndGradients(
        new(2, 5, 4, 36, 40, 3, 2, 1, 1, Padding.Same), new(2, 5, 5, 36, 36, 3, 3, 2, 2, Padding.Same));

    private static IEnumerable<KernelCase> SmallTensorConvolutions => ForwardAndGradients(
        new(1, 5, 4, 4, 8, 3, 2, 1, 1, Padding.Same), new(1, 5, 5, 4, 4, 3, 3, 2, 2, Padding.Same));

    private static IEnumerable<KernelCase> ForwardAndGradients(ConvolutionShape near, ConvolutionShape far) =>
    [
        Conv2D(near, hasBias: true, Activation.Relu), InputGradient(near), FilterGradient(near), InputGradient(far),
    ];

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
