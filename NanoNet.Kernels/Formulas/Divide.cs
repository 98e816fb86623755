using System.Runtime.Intrinsics;

namespace NanoNet.Kernels.Formulas;

/// <summary>a / b.</summary>
public readonly struct Divide : IBinaryFormula
{
    /// <inheritdoc/>
    public static float Apply(float a, float b) => a / b;

    /// <inheritdoc/>
    public static Vector256<float> Apply(Vector256<float> a, Vector256<float> b) => a / b;
}
