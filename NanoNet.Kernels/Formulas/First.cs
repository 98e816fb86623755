using System.Runtime.Intrinsics;

namespace NanoNet.Kernels.Formulas;

/// <summary>a; b is read alike and ignored. With strides it copies, repeats and transposes.</summary>
public readonly struct First : IBinaryFormula
{
    /// <inheritdoc/>
    public static float Apply(float a, float b) => a;

    /// <inheritdoc/>
    public static Vector256<float> Apply(Vector256<float> a, Vector256<float> b) => a;
}
