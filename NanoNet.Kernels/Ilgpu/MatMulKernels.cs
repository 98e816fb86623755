using NanoNet.Kernels.Geometry;
using Floats = ILGPU.ArrayView<float>;

namespace NanoNet.Kernels.Ilgpu;

/// <summary>Matrix products: the tiled product over operands that are plain matrices.</summary>
internal sealed class MatMulKernels(ProductKernels products)
{
    /// <summary>A dense matrix [rows, columns], row by row.</summary>
    internal readonly struct Matrix(int rows, int columns) : IOperand
    {
        private const int Outside = -1;

        private readonly int _rows = rows;
        private readonly int _columns = columns;

        /// <inheritdoc/>
        public static bool DepthIsContiguous => true;

        /// <inheritdoc/>
        public Place Outer(int index) => new(index < _rows ? index * _columns : Outside);

        /// <inheritdoc/>
        public Place Depth(int index) => new(index < _columns ? index : Outside);

        /// <inheritdoc/>
        public float Load(Floats source, Place outer, Place depth) =>
            Operand.LoadOrZero(source, outer.Offset + depth.Offset, (outer.Offset | depth.Offset) >= 0);
    }

    /// <summary>c = act(op(a) · op(b) + bias). The tiled product wants both operands by [outer, depth].</summary>
    public void MatMul(
        IlgpuBuffer c, IlgpuBuffer a, IlgpuBuffer b, IlgpuBuffer? bias, MatMulGeometry geometry, Activation activation)
    {
        var (m, n, k, transposeA, transposeB) = geometry;
        switch (transposeA, transposeB)
        {
            case (false, false):
                Multiply(new Matrix(m, k), new Transposed<Matrix>(new Matrix(k, n)));
                break;
            case (false, true):
                Multiply(new Matrix(m, k), new Matrix(n, k));
                break;
            case (true, false):
                Multiply(new Transposed<Matrix>(new Matrix(k, m)), new Transposed<Matrix>(new Matrix(k, n)));
                break;
            default:
                Multiply(new Transposed<Matrix>(new Matrix(k, m)), new Matrix(n, k));
                break;
        }

        void Multiply<TA, TB>(TA operandA, TB operandB) where TA : struct, IOperand where TB : struct, IOperand =>
            products.Multiply(c, a, b, bias, operandA, operandB, m, n, k, activation);
    }
}
