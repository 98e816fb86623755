using System.Runtime.Intrinsics;

namespace NanoNet.Kernels.Formulas;

/// <summary>The natural logarithm.</summary>
public readonly struct Log : IUnaryFormula
{
    /// <inheritdoc/>
    public static float Apply(float x) => MathF.Log(x);

    /// <inheritdoc/>
    public static Vector256<float> Apply(Vector256<float> x) => Vector256.Log(x);

    /// <inheritdoc/>
    public static float Derivative(float x, float y) => 1 / x;

    /// <inheritdoc/>
    public static Vector256<float> Derivative(Vector256<float> x, Vector256<float> y) => Vector256<float>.One / x;
}
