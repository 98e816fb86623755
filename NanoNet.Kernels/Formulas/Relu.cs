using System.Runtime.Intrinsics;

namespace NanoNet.Kernels.Formulas;

/// <summary>max(0, x), NaN for NaN; its derivative at 0 is 0.</summary>
public readonly struct Relu : IUnaryFormula
{
    /// <inheritdoc/>
    public static float Apply(float x) => x < 0 ? 0 : x;

    /// <inheritdoc/>
    public static Vector256<float> Apply(Vector256<float> x) =>
        Vector256.AndNot(x, Vector256.LessThan(x, Vector256<float>.Zero));

    /// <inheritdoc/>
    public static float Derivative(float x, float y) => y > 0 ? 1f : 0f;

    /// <inheritdoc/>
    public static Vector256<float> Derivative(Vector256<float> x, Vector256<float> y) => Vector256.ConditionalSelect(
        Vector256.GreaterThan(y, Vector256<float>.Zero), Vector256<float>.One, Vector256<float>.Zero);
}
