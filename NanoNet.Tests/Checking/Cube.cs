using System.Runtime.Intrinsics;
using NanoNet.Kernels.Formulas;

namespace NanoNet.Tests.Checking;

/// <summary>x³, right: what <see cref="WrongCube"/> is compared with.</summary>
public readonly struct Cube : IUnaryFormula
{
    public static float Apply(float x) => x * x * x;

    public static Vector256<float> Apply(Vector256<float> x) => x * x * x;

    public static float Derivative(float x, float y) => 3 * x * x;

    public static Vector256<float> Derivative(Vector256<float> x, Vector256<float> y) => 3 * x * x;
}
