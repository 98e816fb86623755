using System.Runtime.Intrinsics;

namespace NanoNet.Kernels.Formulas;

/// <summary>x².</summary>
public readonly struct Square : IUnaryFormula
{
    /// <inheritdoc/>
    public static float Apply(float x) => x * x;

    /// <inheritdoc/>
    public static Vector256<float> Apply(Vector256<float> x) => x * x;

    /// <inheritdoc/>
    public static float Derivative(float x, float y) => 2 * x;

    /// <inheritdoc/>
    public static Vector256<float> Derivative(Vector256<float> x, Vector256<float> y) => x + x;
}
