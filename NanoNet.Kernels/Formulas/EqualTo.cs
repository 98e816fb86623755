using System.Runtime.Intrinsics;

namespace NanoNet.Kernels.Formulas;

/// <summary>1 where a = b, else 0.</summary>
public readonly struct EqualTo : IBinaryFormula
{
    /// <inheritdoc/>
    public static float Apply(float a, float b) => a == b ? 1f : 0f;

    /// <inheritdoc/>
    public static Vector256<float> Apply(Vector256<float> a, Vector256<float> b) => Vector256.ConditionalSelect(
        Vector256.Equals(a, b), Vector256<float>.One, Vector256<float>.Zero);
}
