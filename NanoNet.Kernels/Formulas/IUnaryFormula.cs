using System.Runtime.Intrinsics;

namespace NanoNet.Kernels.Formulas;

/// <summary>
/// An elementwise function of one argument and its derivative, written once for both engines: the scalar forms compile
/// into the ILGPU kernel, the vector forms into the SIMD loop.
/// </summary>
/// <remarks>
/// <para>Scalar forms write <c>? 1f : 0f</c>, never <c>? 1 : 0</c>: the compiler converts the latter's Boolean to a
/// float, and ILGPU 1.5.3 makes of that the smallest positive float instead of one.</para>
/// <para>Vectors are 256 bits wide: native with AVX, split in two by .NET on narrower machines, and not slower than 512
/// bits where a loop waits for memory, as elementwise loops do.</para>
/// </remarks>
public interface IUnaryFormula
{
    /// <summary>y = f(x).</summary>
    static abstract float Apply(float x);

    /// <summary>y = f(x), eight at a time.</summary>
    static abstract Vector256<float> Apply(Vector256<float> x);

    /// <summary>f'(x), given also y = f(x) where that is cheaper.</summary>
    static abstract float Derivative(float x, float y);

    /// <summary>f'(x), eight at a time.</summary>
    static abstract Vector256<float> Derivative(Vector256<float> x, Vector256<float> y);
}
