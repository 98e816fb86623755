using System.Runtime.Intrinsics;

namespace NanoNet.Kernels.Formulas;

/// <summary>1 / (1 + e⁻ˣ).</summary>
public readonly struct Sigmoid : IUnaryFormula
{
    /// <inheritdoc/>
    public static float Apply(float x) => 1 / (1 + MathF.Exp(-x));

    /// <inheritdoc/>
    public static Vector256<float> Apply(Vector256<float> x) =>
        Vector256<float>.One / (Vector256<float>.One + VectorMath.Exp(-x));

    /// <inheritdoc/>
    public static float Derivative(float x, float y) => y * (1 - y);

    /// <inheritdoc/>
    public static Vector256<float> Derivative(Vector256<float> x, Vector256<float> y) => y * (Vector256<float>.One - y);
}
