using System.Runtime.Intrinsics;

namespace NanoNet.Kernels.Formulas;

/// <summary>√x.</summary>
public readonly struct Sqrt : IUnaryFormula
{
    /// <inheritdoc/>
    public static float Apply(float x) => MathF.Sqrt(x);

    /// <inheritdoc/>
    public static Vector256<float> Apply(Vector256<float> x) => Vector256.Sqrt(x);

    /// <inheritdoc/>
    public static float Derivative(float x, float y) => 0.5f / y;

    /// <inheritdoc/>
    public static Vector256<float> Derivative(Vector256<float> x, Vector256<float> y) => Vector256.Create(0.5f) / y;
}
