using NanoNet.Kernels;
using NanoNet.Kernels.Geometry;
using NanoNet.Kernels.Ilgpu;
using NanoNet.Tests.Checking;

namespace NanoNet.Tests.Kernels.Cases;

/// <content>Every product with every tile of the GPU engine, whatever the tile that its size would ask for.</content>
internal static partial class KernelCases
{
    // A tile, and how deep its groups read a step.
    private static readonly (TileSize Size, int Step)[] s_tiles =
    [
        (TileSize.Tiny, TileLayout<TinyTile>.Step), (TileSize.Small, TileLayout<SmallTile>.Step),
        (TileSize.Medium, TileLayout<MediumTile>.Step), (TileSize.Large, TileLayout<LargeTile>.Step),
    ];

    private static readonly int[] s_whole = [1];
    private static readonly int[] s_wholeAndCut = [1, 2];

    /// <summary>
    /// For each tile and product two shapes whose operands are read four elements at a time, and two that are not. The depth is no
    /// multiple of the tile's, in one of them whole, in the other cut in two.
    /// </summary>
    /// <remarks>Small, because the devices that find faults interpret, and work on the whole tile however little is in it.</remarks>
    public static IEnumerable<KernelCase> ProductsWithEveryTile =>
        from tile in s_tiles
        from odd in Enumerable.Range(0, tile.Size == TileSize.Large ? 1 : 2)
        from splits in Enumerable.Range(1, 2)
        from product in SmallProducts(tile.Size, splits, (splits * tile.Step) + 4, odd)
        select WithPlan(product, new ProductPlan(tile.Size, splits));

    private static IEnumerable<KernelCase> SmallProducts(TileSize tile, int shape, int depth, int odd)
    {
        int rows = (8 * shape) + 4 + odd;
        int columns = 16 - (4 * shape) + odd;
        depth += odd;
        yield return MatMul(new(rows, columns, depth), hasBias: true, Activation.Relu);
        yield return MatMul(new(rows, columns, depth, TransposeA: true), hasBias: false, Activation.None);
        yield return MatMul(new(rows, columns, depth, TransposeB: true), hasBias: false, Activation.Relu);
        yield return MatMul(new(rows, columns, depth, TransposeA: true, TransposeB: true), hasBias: true, Activation.None);

        // Convolutions have no small tiles, and those with strides, backwards, no large ones.
        var near = new ConvolutionShape(1, 3, 4 + shape, 4 - odd, (4 * shape) - odd, 3, 2, 1, 1, Padding.Same);
        var far = new ConvolutionShape(1, 5, 3 + shape, 4 - odd, 4 - odd, 2, 3, 2, 2, Padding.Same);
        KernelCase[] convolutions = tile == TileSize.Small
            ? []
            : [Conv2D(near, hasBias: true, Activation.Relu), InputGradient(near), FilterGradient(near)];
        foreach (var convolution in convolutions)
        {
            yield return convolution;
        }

        if (tile is TileSize.Tiny or TileSize.Medium)
        {
            yield return InputGradient(far);
        }
    }

    /// <summary>
    /// Winograd's method at sizes that are none of its: tiles that reach beyond the border, few channels, reads one by
    /// one and four at a time; with the tile for small groups as well. The filter gradient's sums over tiles also in two.
    /// </summary>
    public static IEnumerable<KernelCase> Winograd =>
        from shape in new ConvolutionShape[]
        {
            new(1, 3, 5, 4, 8, 3, 3, 1, 1, Padding.Same),
            new(2, 6, 7, 3, 5, 3, 3, 1, 1, Padding.Valid),
        }
        from tile in new[] { TileSize.Medium, TileSize.Tiny }
        from product in new[]
        {
            Conv2D(shape, hasBias: true, Activation.Relu), Conv2D(shape, hasBias: false, Activation.None),
            InputGradient(shape), InputGradientMasked(shape, 1.25f), FilterGradient(shape),
        }
        from splits in product.Name.Contains(nameof(FilterGradient), StringComparison.Ordinal) ? s_wholeAndCut : s_whole
        select ByTiles(WithPlan(product, new ProductPlan(tile, splits)));

    private static KernelCase ByTiles(KernelCase product) =>
        new($"{product.Name}, Winograd", product.Cost, run =>
        {
            var convolutions = ((IlgpuBackend)run.Backend).Convolutions;
            convolutions.ForcedWinograd = true;
            try
            {
                product.Body(run);
            }
            finally
            {
                convolutions.ForcedWinograd = null;
            }
        });

    private static KernelCase WithPlan(KernelCase product, ProductPlan plan) =>
        new($"{product.Name}, {plan.Tile} tile, {plan.Splits} splits", product.Cost, run =>
        {
            var products = ((IlgpuBackend)run.Backend).Products;
            products.Forced = plan;
            try
            {
                product.Body(run);
            }
            finally
            {
                products.Forced = null;
            }
        });
}
