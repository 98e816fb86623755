using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace NanoNet.Kernels.Formulas;

/// <summary>Functions that .NET offers for vectors too, but several times slower: it computes them in double.</summary>
internal static class VectorMath
{
    private const float Log2E = 1.44269504f;

    // ln 2 in two parts: the first has so few bits that its product with any exponent is exact (Cody and Waite).
    private const float Ln2High = 0.693359375f;
    private const float Ln2Low = -2.12194440e-4f;

    // Adding and subtracting 1.5 · 2²³ rounds to an integer, and leaves it in the sum's lowest bits.
    private const float Rounder = 12582912f;

    // Beyond these the result is 0 or ∞ anyway.
    private const float Lowest = -104f;
    private const float Highest = 89f;

    /// <summary>
    /// eˣ to within one unit in the last place (1.001 at worst); 0, ∞, subnormal numbers and NaN come out as they
    /// should.
    /// </summary>
    /// <remarks>
    /// x = n · ln 2 + r with |r| ≤ ln 2 / 2, eʳ by a polynomial (the coefficients of Cephes' expf), times 2ⁿ in two
    /// factors, because 2⁻¹⁴⁹ and 2¹²⁸ have no normal float.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Exp(Vector256<float> x)
    {
        // In this order of operands both x86 and Arm hand NaN on.
        x = Vector256.MinNative(Vector256.Create(Highest), Vector256.MaxNative(Vector256.Create(Lowest), x));
        var shifted = Vector256.MultiplyAddEstimate(x, Vector256.Create(Log2E), Vector256.Create(Rounder));
        var n = shifted - Vector256.Create(Rounder);
        var r = Vector256.MultiplyAddEstimate(n, Vector256.Create(-Ln2High), x);
        r = Vector256.MultiplyAddEstimate(n, Vector256.Create(-Ln2Low), r);

        var p = Vector256.Create(1.9875691500e-4f);
        p = Vector256.MultiplyAddEstimate(p, r, Vector256.Create(1.3981999507e-3f));
        p = Vector256.MultiplyAddEstimate(p, r, Vector256.Create(8.3334519073e-3f));
        p = Vector256.MultiplyAddEstimate(p, r, Vector256.Create(4.1665795894e-2f));
        p = Vector256.MultiplyAddEstimate(p, r, Vector256.Create(1.6666665459e-1f));
        p = Vector256.MultiplyAddEstimate(p, r, Vector256.Create(5.0000001201e-1f));
        p = Vector256.MultiplyAddEstimate(p * r, r, r) + Vector256<float>.One;

        var exponent = shifted.AsInt32() - Vector256.Create(Rounder).AsInt32();
        var half = exponent >> 1;
        return p * PowerOfTwo(half) * PowerOfTwo(exponent - half);
    }

    // 2ⁿ for −126 ≤ n ≤ 127, written into the exponent's bits.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> PowerOfTwo(Vector256<int> n) => ((n + Vector256.Create(127)) << 23).AsSingle();
}
