using System.Runtime.Intrinsics;
using NanoNet.Kernels.Formulas;
using Xunit;

namespace NanoNet.Tests.Kernels;

public class VectorMathTests
{
    /// <summary>Every 1009th float between −104 and 89: where the result is neither 0 nor infinite for good.</summary>
    [Fact]
    public void Exp_is_within_a_unit_in_the_last_place()
    {
        double worst = 0;
        foreach (float limit in new[] { -104f, 89f })
        {
            uint sign = limit < 0 ? 0x80000000 : 0;
            for (uint bits = 0; bits < BitConverter.SingleToUInt32Bits(Math.Abs(limit)); bits += 1009)
            {
                float x = BitConverter.UInt32BitsToSingle(bits | sign);
                double exact = Math.Exp(x);
                float got = Exp(x);
                if ((float)exact == float.PositiveInfinity)
                {
                    Assert.Equal(float.PositiveInfinity, got);
                    continue;
                }

                double unit = Math.Max(MathF.BitIncrement((float)exact) - (float)exact, float.Epsilon);
                worst = Math.Max(worst, Math.Abs(got - exact) / unit);
            }
        }

        Assert.InRange(worst, 0, 1.01);
    }

    [Theory]
    [InlineData(0f, 1f)]
    [InlineData(float.NegativeInfinity, 0f)]
    [InlineData(float.PositiveInfinity, float.PositiveInfinity)]
    [InlineData(float.NaN, float.NaN)]
    [InlineData(-1e30f, 0f)]
    [InlineData(88.73f, float.PositiveInfinity)]
    public void Exp_of_special_values(float x, float expected) => Assert.Equal(expected, Exp(x));

    private static float Exp(float x) => VectorMath.Exp(Vector256.Create(x)).GetElement(3);
}
