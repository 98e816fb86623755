using NanoNet.Kernels.Ilgpu;
using NanoNet.Tests.Checking;
using NanoNet.Tests.Kernels.Cases;
using Xunit;

namespace NanoNet.Tests.Kernels.Ilgpu;

/// <summary>
/// Which tile a product takes, and that every tile, with the depth whole and cut, is right for every product.
/// </summary>
public sealed class ProductPlanTests
{
    private const int Group = KernelQueue.LargestGroup;

    // Enough for several tiles of every size. All products run with the plans of their sizes elsewhere.
    private const int MaxCost = 3_000_000;

    private static readonly string[] s_engines = ["opencl", "cuda"];
    private static readonly int[] s_splits = [1, 3];

    private static readonly Dictionary<string, KernelCase> s_products = KernelCases.All
        .Where(row => row.Name.StartsWith("MatMul", StringComparison.Ordinal)
            || row.Name.StartsWith("Conv2D", StringComparison.Ordinal))
        .Where(row => row.Cost <= MaxCost)
        .ToDictionary(row => row.Name);

    public static IEnumerable<TheoryDataRow<string, string, int>> Plans =>
        (from engine in Engines.OneOfEach
         where s_engines.Contains(engine.Name)
         from tile in Enum.GetNames<TileSize>()
         from splits in s_splits
         select new TheoryDataRow<string, string, int>(engine.Name, tile, splits)
         {
             Label = $"{tile} tiles, {splits} splits on {engine.Name}",
         })
        .DefaultIfEmpty(new("none", "none", 1) { Skip = Engines.NoGpu });

    [Theory]
    [EngineTest]
    [MemberData(nameof(Plans))]
    public void Every_product_is_right_with(string engine, string tile, int splits)
    {
        var backend = (IlgpuBackend)Engines.Get(engine).Backend;
        backend.Products.Forced = new ProductPlan(Enum.Parse<TileSize>(tile), splits);
        try
        {
            foreach (var product in s_products.Values)
            {
                product.Run(Engines.Get(engine), compares: true);
            }
        }
        finally
        {
            backend.Products.Forced = null;
        }
    }

    // Squares: enough large tiles from 2048 on, and from 1024 on with their depth cut. A dense layer of 256 at batch 32, forward and the gradient of its kernel.
    [Theory]
    [InlineData(1024, 1024, 1024, nameof(TileSize.Large), 4)]
    [InlineData(2048, 2048, 2048, nameof(TileSize.Large), 1)]
    [InlineData(32, 256, 784, nameof(TileSize.Small), 6)]
    [InlineData(32, 128, 256, nameof(TileSize.Small), 1)]
    [InlineData(784, 256, 32, nameof(TileSize.Small), 1)]
    public void Follows_from_the_sizes(int rows, int columns, int depth, string tile, int splits) =>
        Assert.Equal(
            new ProductPlan(Enum.Parse<TileSize>(tile), splits),
            ProductPlan.Create(rows, columns, depth, isWide: true, Group));

    // Convolutions with 128 filters of 3 x 3 x 128 on 14 x 14, at batch 32 and 256, and their filter's gradient; 8
    // filters, which are thin but not a matrix.
    [Theory]
    [InlineData(6272, 128, 1152, nameof(TileSize.Medium), 2)]
    [InlineData(50176, 128, 1152, nameof(TileSize.Large), 1)]
    [InlineData(1152, 128, 6272, nameof(TileSize.Large), 24)]
    [InlineData(6272, 8, 72, nameof(TileSize.Medium), 1)]
    public void Convolutions_have_no_small_tiles(int rows, int columns, int depth, string tile, int splits) =>
        Assert.Equal(
            new ProductPlan(Enum.Parse<TileSize>(tile), splits),
            ProductPlan.Create(rows, columns, depth, isWide: true, Group, TileSize.Medium));

    // 50,000 pixels of 64 channels, which large tiles would be half empty with.
    [Fact]
    public void Large_tiles_are_not_left_empty()
    {
        Assert.Equal(
            TileSize.Medium, ProductPlan.Create(50176, 64, 1152, isWide: true, Group, TileSize.Medium).Tile);
        Assert.Equal(TileSize.Medium, ProductPlan.TileOfParts(4096, 64, 36, isWide: true, Group));
        Assert.Equal(TileSize.Large, ProductPlan.TileOfParts(4096, 128, 36, isWide: true, Group));
    }

    // Filter gradients of Winograd's method for 14 × 14 × 64 to 128 at batch 32 and 256, and for 7 × 7 × 256 to 256. The
    // last batch of an odd number of images cannot be cut in equal parts.
    [Theory]
    [InlineData(64, 128, 512, 2)]
    [InlineData(64, 128, 4096, 8)]
    [InlineData(256, 256, 128, 1)]
    [InlineData(64, 128, 513, 1)]
    public void Many_products_that_are_too_few_groups_are_cut(int rows, int columns, int depth, int splits) =>
        Assert.Equal(splits, ProductPlan.SplitsOfParts(rows, columns, depth, WinogradTiling.Places));

    [Theory]
    [InlineData(nameof(TileSize.Tiny), nameof(TileSize.Tiny))]
    [InlineData(nameof(TileSize.Small), nameof(TileSize.Medium))]
    [InlineData(nameof(TileSize.Large), nameof(TileSize.Medium))]
    public void Stays_within_what_a_product_may_have(string tile, string expected) =>
        Assert.Equal(
            new ProductPlan(Enum.Parse<TileSize>(expected), 3),
            new ProductPlan(Enum.Parse<TileSize>(tile), 3).Within(TileSize.Medium, TileSize.Medium));

    [Theory]
    [InlineData(16, nameof(TileSize.Tiny))]
    [InlineData(64, nameof(TileSize.Tiny))]
    [InlineData(128, nameof(TileSize.Medium))]
    [InlineData(256, nameof(TileSize.Large))]
    public void Fits_the_device(int group, string tile) =>
        Assert.Equal(
            Enum.Parse<TileSize>(tile), ProductPlan.Create(4096, 4096, 64, isWide: true, group).Tile);

    [Fact]
    public void Large_tiles_are_for_wide_loads() =>
        Assert.Equal(TileSize.Medium, ProductPlan.Create(4096, 4096, 64, isWide: false, Group).Tile);
}
