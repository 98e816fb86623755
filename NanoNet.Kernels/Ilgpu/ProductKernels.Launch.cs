using ILGPU;
using ILGPU.Runtime;
using Floats = ILGPU.ArrayView<float>;

namespace NanoNet.Kernels.Ilgpu;

/// <content>How products are launched.</content>
internal sealed partial class ProductKernels
{
    private readonly Dictionary<Type, Delegate> _launchers = [];
    private Action<AcceleratorStream, KernelConfig, Floats, Floats, Floats, ProductShape, FastDivisor>? _sumSplits;

    /// <summary>A plan for every product instead of the one that its sizes ask for: tests try each.</summary>
    public ProductPlan? Forced { get; set; }

    /// <summary>What multiplies on tensor cores, where the user asked for that.</summary>
    public TensorProducts? Tensor { get; set; }

    /// <summary>
    /// c = act(a · bᵀ + bias), planned by geometry, with a tile between two; with a mask, and no bias, as the kernel
    /// says.
    /// </summary>
    public void Multiply<TA, TB>(
        IlgpuBuffer c, IlgpuBuffer a, IlgpuBuffer b, IlgpuBuffer? bias, TA operandA, TB operandB,
        int rows, int columns, int depth, Activation activation,
        TileSize least = TileSize.Small, TileSize most = TileSize.Large, IlgpuBuffer? mask = null, float scale = 1)
        where TA : struct, IOperand
        where TB : struct, IOperand
    {
        var problem = ProductShape.OfResults(columns, bias, activation, mask, scale)
            with { Rows = rows, Depth = depth, DepthPerSplit = depth };
        bias ??= mask;
        bool isWide = operandA.Run % 4 == 0 && operandB.Run % 4 == 0;
        if (Tensor is { } tensor && isWide && (tensor.Forced is not null || TensorPlan.Takes(rows, columns, depth)))
        {
            tensor.Multiply(c, a, b, bias, operandA, operandB, problem);
            return;
        }

        var plan = Forced?.Within(least, most)
            ?? ProductPlan.Create(rows, columns, depth, isWide, queue.TeamGroup, least, most);
        switch (plan.Tile, isWide)
        {
            case (TileSize.Large, true):
                Multiply<LargeTile, Wide, TA, TB>(c, a, b, bias, operandA, operandB, problem, plan.Splits);
                break;
            case (TileSize.Medium, true):
                Multiply<MediumTile, Wide, TA, TB>(c, a, b, bias, operandA, operandB, problem, plan.Splits);
                break;
            case (TileSize.Large or TileSize.Medium, false):
                Multiply<MediumTile, Narrow, TA, TB>(c, a, b, bias, operandA, operandB, problem, plan.Splits);
                break;
            case (TileSize.Small, true):
                Multiply<SmallTile, Wide, TA, TB>(c, a, b, bias, operandA, operandB, problem, plan.Splits);
                break;
            case (TileSize.Small, false):
                Multiply<SmallTile, Narrow, TA, TB>(c, a, b, bias, operandA, operandB, problem, plan.Splits);
                break;
            case (_, true):
                Multiply<TinyTile, Wide, TA, TB>(c, a, b, bias, operandA, operandB, problem, plan.Splits);
                break;
            default:
                Multiply<TinyTile, Narrow, TA, TB>(c, a, b, bias, operandA, operandB, problem, plan.Splits);
                break;
        }
    }

    /// <summary>Memory for the parts of a product whose depth is cut.</summary>
    public Scratch RentParts(ProductShape shape) => queue.RentFloats(shape.Splits * shape.Rows * shape.Columns);

    /// <summary>c = act(Σ parts + bias).</summary>
    public void SumParts(IlgpuBuffer c, Scratch parts, Floats bias, ProductShape shape) =>
        queue.Load(ref _sumSplits, SumSplitsKernel)(queue.Stream, queue.Threads(shape.Rows * shape.Columns),
            c.Floats, parts.Floats, bias, shape, new FastDivisor(shape.Columns));

    /// <summary>Into how many equal parts more to cut the depth of each of some products of one size.</summary>
    /// <remarks>The same for every device, small groups or not: sums must be cut alike everywhere.</remarks>
    public int SplitsOfParts(int rows, int columns, int depth, int parts)
    {
        int splits = Forced?.Splits ?? ProductPlan.SplitsOfParts(rows, columns, depth, parts);
        return depth % splits == 0 ? splits : 1;
    }

    /// <summary>
    /// c [parts, rows, columns]: products over each of some equal parts of the depth, one after the other, not added
    /// up. Operands whose depth is a set of matrices, one behind the other, are multiplied matrix by matrix so.
    /// </summary>
    /// <param name="c">The products.</param>
    /// <param name="a">The first operand.</param>
    /// <param name="b">The second operand.</param>
    /// <param name="operandA">How the first lies in memory, all parts.</param>
    /// <param name="operandB">How the second lies in memory, all parts.</param>
    /// <param name="rows">Rows of each product.</param>
    /// <param name="columns">Columns of each product.</param>
    /// <param name="depth">Depth of each part.</param>
    /// <param name="parts">How many there are.</param>
    public void MultiplyParts<TA, TB>(
        Floats c, Floats a, Floats b, TA operandA, TB operandB, int rows, int columns, int depth, int parts)
        where TA : struct, IOperand
        where TB : struct, IOperand
    {
        bool isWide = operandA.Run % 4 == 0 && operandB.Run % 4 == 0
            && (depth % 4 == 0 || !(TA.DepthIsContiguous || TB.DepthIsContiguous));
        var shape = new ProductShape(rows, columns, parts * depth, parts, depth, 0, 0);
        switch (Forced?.Tile ?? ProductPlan.TileOfParts(rows, columns, parts, isWide, queue.TeamGroup), isWide)
        {
            case (TileSize.Large, true):
                LaunchProduct<LargeTile, Wide, TA, TB>(c, a, b, c, operandA, operandB, shape);
                break;
            case (TileSize.Tiny, true):
                LaunchProduct<TinyTile, Wide, TA, TB>(c, a, b, c, operandA, operandB, shape);
                break;
            case (TileSize.Tiny, false):
                LaunchProduct<TinyTile, Narrow, TA, TB>(c, a, b, c, operandA, operandB, shape);
                break;
            case (_, true):
                LaunchProduct<MediumTile, Wide, TA, TB>(c, a, b, c, operandA, operandB, shape);
                break;
            default:
                LaunchProduct<MediumTile, Narrow, TA, TB>(c, a, b, c, operandA, operandB, shape);
                break;
        }
    }

    private void Multiply<TTile, TWidth, TA, TB>(
        IlgpuBuffer c, IlgpuBuffer a, IlgpuBuffer b, IlgpuBuffer? bias, TA operandA, TB operandB,
        ProductShape shape, int splits)
        where TTile : struct, ITile
        where TWidth : struct, IWidth
        where TA : struct, IOperand
        where TB : struct, IOperand
    {
        shape = shape.Cut(splits, TileLayout<TTile>.Step);
        var biasFloats = (bias ?? c).Floats;
        if (shape.Splits == 1)
        {
            LaunchProduct<TTile, TWidth, TA, TB>(c.Floats, a.Floats, b.Floats, biasFloats, operandA, operandB, shape);
            return;
        }

        using var parts = RentParts(shape);
        LaunchProduct<TTile, TWidth, TA, TB>(
            parts.Floats, a.Floats, b.Floats, biasFloats, operandA, operandB, shape.WithoutEpilogue);
        SumParts(c, parts, biasFloats, shape);
    }

    private void LaunchProduct<TTile, TWidth, TA, TB>(
        Floats c, Floats a, Floats b, Floats bias, TA operandA, TB operandB, ProductShape shape)
        where TTile : struct, ITile
        where TWidth : struct, IWidth
        where TA : struct, IOperand
        where TB : struct, IOperand
    {
        int tilesDown = (shape.Rows + TTile.Rows - 1) / TTile.Rows;
        int tilesAcross = (shape.Columns + TTile.Columns - 1) / TTile.Columns;
        queue.Load<Action<AcceleratorStream, KernelConfig, Floats, Floats, Floats, Floats, TA, TB, ProductShape>>(
            _launchers, typeof((TTile, TWidth, TA, TB)), ProductKernel<TTile, TWidth, TA, TB>)(
            queue.Stream,
            new KernelConfig(
                new Index3D(tilesDown, tilesAcross, shape.Splits), new Index3D(TileLayout<TTile>.Group, 1, 1)),
            c, a, b, bias, operandA, operandB, shape);
    }
}
