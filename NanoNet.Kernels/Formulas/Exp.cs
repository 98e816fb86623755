using System.Runtime.Intrinsics;

namespace NanoNet.Kernels.Formulas;

/// <summary>eˣ.</summary>
public readonly struct Exp : IUnaryFormula
{
    /// <inheritdoc/>
    public static float Apply(float x) => MathF.Exp(x);

    /// <inheritdoc/>
    public static Vector256<float> Apply(Vector256<float> x) => VectorMath.Exp(x);

    /// <inheritdoc/>
    public static float Derivative(float x, float y) => y;

    /// <inheritdoc/>
    public static Vector256<float> Derivative(Vector256<float> x, Vector256<float> y) => y;
}
