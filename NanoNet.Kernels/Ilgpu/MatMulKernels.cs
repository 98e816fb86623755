using NanoNet.Kernels.Geometry;

namespace NanoNet.Kernels.Ilgpu;

/// <summary>Matrix products: the tiled product over operands that are plain matrices.</summary>
internal sealed class MatMulKernels(ProductKernels products)
{
    /// <summary>A dense matrix [outer, columns], row by row.</summary>
    internal readonly struct Matrix(int columns) : IOperand
    {
        private readonly int _columns = columns;

        /// <inheritdoc/>
        public static bool DepthIsContiguous => true;

        /// <inheritdoc/>
        public static bool HasOutside => false;

        /// <inheritdoc/>
        public int Run => _columns;

        /// <inheritdoc/>
        public Place Outer(int index) => new(index * _columns);

        /// <inheritdoc/>
        public Place Depth(int index) => new(index);

        /// <inheritdoc/>
        public int Before => 0;

        /// <inheritdoc/>
        public int DepthBias => 0;

        /// <inheritdoc/>
        public int Find(Place outer, Place depth) => outer.Offset + depth.Offset;

        /// <inheritdoc/>
        public bool IsInside(Place outer, Place depth) => true;
    }

    /// <summary>c = act(op(a) · op(b) + bias). The tiled product wants both operands by [outer, depth].</summary>
    public void MatMul(
        IlgpuBuffer c, IlgpuBuffer a, IlgpuBuffer b, IlgpuBuffer? bias, MatMulGeometry geometry, Activation activation,
        IlgpuBuffer? mask = null, float scale = 1)
    {
        var (m, n, k, transposeA, transposeB) = geometry;
        switch (transposeA, transposeB)
        {
            case (false, false):
                Multiply(new Matrix(k), new Transposed<Matrix>(new Matrix(n)));
                break;
            case (false, true):
                Multiply(new Matrix(k), new Matrix(k));
                break;
            case (true, false):
                Multiply(new Transposed<Matrix>(new Matrix(m)), new Transposed<Matrix>(new Matrix(n)));
                break;
            default:
                Multiply(new Transposed<Matrix>(new Matrix(m)), new Matrix(k));
                break;
        }

        void Multiply<TA, TB>(TA operandA, TB operandB) where TA : struct, IOperand where TB : struct, IOperand =>
            products.Multiply(
                c, a, b, bias, operandA, operandB, m, n, k, activation, mask: mask, scale: scale);
    }
}
