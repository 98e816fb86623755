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

    /// <summary>c = act(a · bᵀ + bias), planned by geometry, with a tile between two.</summary>
    public void Multiply<TA, TB>(
        IlgpuBuffer c, IlgpuBuffer a, IlgpuBuffer b, IlgpuBuffer? bias, TA operandA, TB operandB,
        int rows, int columns, int depth, Activation activation,
        TileSize least = TileSize.Small, TileSize most = TileSize.Large)
        where TA : struct, IOperand
        where TB : struct, IOperand
    {
        var problem = new ProductShape(
            rows, columns, depth, 1, depth, bias is null ? 0 : 1, activation == Activation.Relu ? 1 : 0);
        bool isWide = operandA.Run % 4 == 0 && operandB.Run % 4 == 0;
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

    private void Multiply<TTile, TWidth, TA, TB>(
        IlgpuBuffer c, IlgpuBuffer a, IlgpuBuffer b, IlgpuBuffer? bias, TA operandA, TB operandB,
        ProductShape shape, int splits)
        where TTile : struct, ITile
        where TWidth : struct, IWidth
        where TA : struct, IOperand
        where TB : struct, IOperand
    {
        int steps = (shape.Depth + TileLayout<TTile>.Step - 1) / TileLayout<TTile>.Step;
        int stepsPerSplit = (steps + splits - 1) / splits;
        splits = (steps + stepsPerSplit - 1) / stepsPerSplit;
        shape = shape with { Splits = splits, DepthPerSplit = stepsPerSplit * TileLayout<TTile>.Step };

        var kernel = queue.Load<
            Action<AcceleratorStream, KernelConfig, Floats, Floats, Floats, Floats, TA, TB, ProductShape>>(
            _launchers, typeof((TTile, TWidth, TA, TB)), ProductKernel<TTile, TWidth, TA, TB>);
        int tilesDown = (shape.Rows + TTile.Rows - 1) / TTile.Rows;
        int tilesAcross = (shape.Columns + TTile.Columns - 1) / TTile.Columns;
        var config = new KernelConfig(
            new Index3D(tilesDown, tilesAcross, splits), new Index3D(TileLayout<TTile>.Group, 1, 1));
        var biasFloats = (bias ?? c).Floats;
        if (splits == 1)
        {
            kernel(queue.Stream, config, c.Floats, a.Floats, b.Floats, biasFloats, operandA, operandB, shape);
            return;
        }

        int count = shape.Rows * shape.Columns;
        using var parts = queue.RentFloats(splits * count);
        kernel(queue.Stream, config,
            parts.Floats, a.Floats, b.Floats, biasFloats, operandA, operandB, shape.WithoutEpilogue);
        queue.Load(ref _sumSplits, SumSplitsKernel)(queue.Stream, queue.Threads(count),
            c.Floats, parts.Floats, biasFloats, shape, new FastDivisor(shape.Columns));
    }
}
