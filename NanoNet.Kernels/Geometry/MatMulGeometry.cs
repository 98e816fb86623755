namespace NanoNet.Kernels.Geometry;

/// <summary>
/// The sizes of a matrix product c [M, N] = op(a) [M, K] · op(b) [K, N]. A transposed operand is stored the other way round:
/// a as [K, M], b as [N, K].
/// </summary>
/// <remarks>
/// A dense layer needs three forms: y = x·W (neither), dx = dy·Wᵀ (<see cref="TransposeB"/>), dW = xᵀ·dy (<see cref="TransposeA"/>).
/// </remarks>
public readonly record struct MatMulGeometry(int M, int N, int K, bool TransposeA = false, bool TransposeB = false);
