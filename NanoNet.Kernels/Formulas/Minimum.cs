using System.Runtime.Intrinsics;

namespace NanoNet.Kernels.Formulas;

/// <summary>min(a, b); NaN if either is.</summary>
public readonly struct Minimum : IBinaryFormula
{
    /// <inheritdoc/>
    public static float Apply(float a, float b) => a < b || float.IsNaN(a) ? a : b;

    /// <inheritdoc/>
    public static Vector256<float> Apply(Vector256<float> a, Vector256<float> b) => Vector256.Min(a, b);
}
