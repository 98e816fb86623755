using ILGPU;
using ILGPU.Runtime;
using Floats = ILGPU.ArrayView<float>;

namespace NanoNet.Kernels.Ilgpu;

/// <summary>Products on tensor cores.</summary>
internal abstract class TensorProducts
{
    /// <summary>A plan for every product instead of the one that its sizes ask for: tests try each.</summary>
    public TensorPlan? Forced { get; set; }

    /// <summary>Whether a tile is one of this precision's.</summary>
    public abstract bool Knows(TensorTileSize tile);

    /// <summary>c = act(a · bᵀ + bias), of operands that can be read four elements at a time.</summary>
    public abstract void Multiply<TA, TB>(
        IlgpuBuffer c, IlgpuBuffer a, IlgpuBuffer b, IlgpuBuffer? bias, TA operandA, TB operandB, ProductShape shape)
        where TA : struct, IOperand
        where TB : struct, IOperand;
}

/// <summary>How products on tensor cores are launched.</summary>
/// <param name="queue">Where they run.</param>
/// <param name="products">Who adds up what groups summed of the depth.</param>
/// <param name="precision">Not float32.</param>
internal sealed class TensorProducts<TCore>(KernelQueue queue, ProductKernels products, Precision precision)
    : TensorProducts
    where TCore : struct, ITensorCore
{
    private readonly Dictionary<Type, Delegate> _launchers = [];

    /// <inheritdoc/>
    public override bool Knows(TensorTileSize tile) => precision == Precision.Tf32
        ? tile is TensorTileSize.Medium or TensorTileSize.Large or TensorTileSize.Broad
        : tile is TensorTileSize.Medium or TensorTileSize.Tall;

    /// <inheritdoc/>
    public override void Multiply<TA, TB>(
        IlgpuBuffer c, IlgpuBuffer a, IlgpuBuffer b, IlgpuBuffer? bias, TA operandA, TB operandB, ProductShape shape)
    {
        var plan = Forced ?? TensorPlan.Create(shape.Rows, shape.Columns, shape.Depth, precision);
        switch (precision, plan.Size)
        {
            case (Precision.Tf32, TensorTileSize.Medium):
                Launch<MediumTensorTile, Tf32, TA, TB>(c, a, b, bias, operandA, operandB, shape, plan.Splits);
                break;
            case (Precision.Tf32, TensorTileSize.Broad):
                Launch<BroadTensorTile, Tf32, TA, TB>(c, a, b, bias, operandA, operandB, shape, plan.Splits);
                break;
            case (Precision.Tf32, _):
                Launch<LargeTensorTile, Tf32, TA, TB>(c, a, b, bias, operandA, operandB, shape, plan.Splits);
                break;
            case (_, TensorTileSize.Medium):
                Launch<MediumTensorTile, Tf32x3, TA, TB>(c, a, b, bias, operandA, operandB, shape, plan.Splits);
                break;
            default:
                Launch<TallTensorTile, Tf32x3, TA, TB>(c, a, b, bias, operandA, operandB, shape, plan.Splits);
                break;
        }
    }

    private void Launch<TTile, TPrecision, TA, TB>(
        IlgpuBuffer c, IlgpuBuffer a, IlgpuBuffer b, IlgpuBuffer? bias, TA operandA, TB operandB,
        ProductShape shape, int splits)
        where TTile : struct, ITensorTile
        where TPrecision : struct, ITensorPrecision
        where TA : struct, IOperand
        where TB : struct, IOperand
    {
        shape = shape.Cut(splits, TensorLayout<TTile, TPrecision>.Step);
        var kernel = queue.Load<
            Action<AcceleratorStream, KernelConfig, Floats, Floats, Floats, Floats, TA, TB, ProductShape>>(
            _launchers, typeof((TTile, TPrecision, TA, TB)),
            TensorKernels.TensorProductKernel<TTile, TPrecision, TCore, TA, TB>);
        int tilesDown = (shape.Rows + TTile.Rows - 1) / TTile.Rows;
        int tilesAcross = (shape.Columns + TTile.Columns - 1) / TTile.Columns;
        var config = new KernelConfig(
            new Index3D(tilesDown, tilesAcross, shape.Splits),
            new Index3D(TensorLayout<TTile, TPrecision>.Group, 1, 1));
        var biasFloats = (bias ?? c).Floats;
        if (shape.Splits == 1)
        {
            kernel(queue.Stream, config, c.Floats, a.Floats, b.Floats, biasFloats, operandA, operandB, shape);
            return;
        }

        using var parts = products.RentParts(shape);
        kernel(queue.Stream, config,
            parts.Floats, a.Floats, b.Floats, biasFloats, operandA, operandB, shape.WithoutEpilogue);
        products.SumParts(c, parts, biasFloats, shape);
    }
}
