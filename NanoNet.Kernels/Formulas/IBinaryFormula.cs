using System.Runtime.Intrinsics;

namespace NanoNet.Kernels.Formulas;

/// <summary>
/// An elementwise function of two arguments, written once for both engines (see <see cref="IUnaryFormula"/>). Gradients
/// are composed of other formulas, in Core's operations.
/// </summary>
public interface IBinaryFormula
{
    /// <summary>y = f(a, b).</summary>
    static abstract float Apply(float a, float b);

    /// <summary>y = f(a, b), eight at a time.</summary>
    static abstract Vector256<float> Apply(Vector256<float> a, Vector256<float> b);
}
