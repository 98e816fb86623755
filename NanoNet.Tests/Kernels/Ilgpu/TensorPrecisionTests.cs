using NanoNet.Kernels;
using NanoNet.Kernels.Ilgpu;
using NanoNet.Tests.Checking;
using Xunit;

namespace NanoNet.Tests.Kernels.Ilgpu;

/// <summary>What TF32 and the three-product split cost in accuracy, by the same arithmetic in C#, and who gets them.</summary>
public sealed class TensorPrecisionTests
{
    private const int Results = 4096;

    [Theory]
    [InlineData(1f, 1f)]
    [InlineData(1 + 1f / 1024, 1 + 1f / 1024)]
    [InlineData(1 + 1f / 2048, 1 + 2f / 2048)]
    [InlineData(1 + 0.99f / 2048, 1f)]
    [InlineData(-1 - 3f / 2048, -1 - 4f / 2048)]
    [InlineData(3.4028235e38f, float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity, float.NegativeInfinity)]
    [InlineData(float.NaN, float.NaN)]
    [InlineData(0f, 0f)]
    public void Rounds_to_eleven_bits_and_ties_away_from_zero(float value, float expected)
    {
        Assert.Equal(expected, Tf32Numbers.Round(value));
        Assert.Equal(expected, TensorRounding.Clear(TensorRounding.Nearest(new(0, value, 1, -1))).Y);
    }

    // NVIDIA's own "not a number" has all bits of its mantissa: with half of one more it would become a zero.
    [Theory]
    [InlineData(0x7FFFFFFF)]
    [InlineData(0xFFFFFFFF)]
    [InlineData(0x7FC00000)]
    public void What_is_no_number_stays_none(uint bits) =>
        Assert.True(float.IsNaN(TensorRounding.Clear(TensorRounding.Nearest(new(1, 2, BitConverter.UInt32BitsToSingle(bits), 3))).Z));

    // 0.4 · 2⁻¹¹ an operand, √2 times that a product; a sum's error grows as the sum does.
    [Theory]
    [InlineData(64)]
    [InlineData(1152)]
    public void TF32_is_off_by_three_ten_thousandths_whatever_the_depth(int depth)
    {
        double error = Error(depth, (a, b) => (double)Tf32Numbers.Round(a) * Tf32Numbers.Round(b));
        Assert.InRange(error, 2.4e-4, 3.2e-4);
    }

    [Theory]
    [InlineData(64)]
    [InlineData(1152)]
    public void The_split_loses_less_than_a_float_does_when_it_is_rounded_once(int depth)
    {
        double error = Error(depth, (a, b) =>
        {
            var (bigA, smallA) = Split(a);
            var (bigB, smallB) = Split(b);
            return ((double)smallA * bigB) + ((double)bigA * smallB) + ((double)bigA * bigB);
        });
        Assert.InRange(error, 1e-9, Tolerance.Unit);
    }

    // Sums in float32 in parts, as the kernels take them: the split's three roundings a product against one.
    [Fact]
    public void Sums_of_the_split_are_about_as_exact_as_sums_of_floats()
    {
        double floats = ErrorOfSums((a, b, sum) => sum + (a * b));
        double split = ErrorOfSums((a, b, sum) =>
        {
            var (bigA, smallA) = Split(a);
            var (bigB, smallB) = Split(b);
            sum += smallA * bigB;
            sum += bigA * smallB;
            return sum + (bigA * bigB);
        });
        Assert.InRange(split, 0, 2 * floats);
    }

    [Theory]
    [InlineData(4096, 4096, 4096, Precision.Tf32, nameof(TensorTileSize.Broad), 1)]
    [InlineData(1024, 1024, 1024, Precision.Tf32, nameof(TensorTileSize.Large), 2)]
    [InlineData(6272, 128, 1152, Precision.Tf32, nameof(TensorTileSize.Large), 2)]
    [InlineData(784, 256, 32, Precision.Tf32, nameof(TensorTileSize.Medium), 1)]
    [InlineData(4096, 4096, 4096, Precision.Tf32x3, nameof(TensorTileSize.Tall), 1)]
    [InlineData(1152, 128, 6272, Precision.Tf32x3, nameof(TensorTileSize.Tall), 7)]
    public void The_tile_follows_from_the_sizes(int rows, int columns, int depth, Precision precision, string tile, int splits) =>
        Assert.Equal(new TensorPlan(Enum.Parse<TensorTileSize>(tile), splits), TensorPlan.Create(rows, columns, depth, precision));

    [Theory]
    [InlineData(33, 33, 64, true)]
    [InlineData(33, 33, 63, false)]
    [InlineData(32, 4096, 4096, false)]
    [InlineData(4096, 10, 4096, false)]
    public void Thin_and_shallow_products_stay_in_float32(int rows, int columns, int depth, bool isTaken) =>
        Assert.Equal(isTaken, TensorPlan.Takes(rows, columns, depth));

    private static (float Big, float Small) Split(float value)
    {
        float big = Tf32Numbers.Round(value);
        return (big, Tf32Numbers.Round(value - big));
    }

    // Of many sums of a depth, in relative norm.
    private static double Error(int depth, Func<float, float, double> multiply)
    {
        var random = new Random(depth);
        double errors = 0;
        double sizes = 0;
        for (int i = 0; i < Results; i++)
        {
            double exact = 0;
            double actual = 0;
            for (int k = 0; k < depth; k++)
            {
                float a = (random.NextSingle() * 2) - 1;
                float b = (random.NextSingle() * 2) - 1;
                exact += (double)a * b;
                actual += multiply(a, b);
            }

            errors += (actual - exact) * (actual - exact);
            sizes += exact * exact;
        }

        return Math.Sqrt(errors / sizes);
    }

    private static double ErrorOfSums(Func<float, float, float, float> multiplyAdd)
    {
        const int Depth = 1152;
        var random = new Random(Depth);
        double errors = 0;
        double sizes = 0;
        for (int i = 0; i < Results; i++)
        {
            double exact = 0;
            float total = 0;
            float part = 0;
            for (int k = 1; k <= Depth; k++)
            {
                float a = (random.NextSingle() * 2) - 1;
                float b = (random.NextSingle() * 2) - 1;
                exact += (double)a * b;
                part = multiplyAdd(a, b, part);
                if (k % ITile.PartialDepth == 0)
                {
                    total += part;
                    part = 0;
                }
            }

            errors += (total - exact) * (total - exact);
            sizes += exact * exact;
        }

        return Math.Sqrt(errors / sizes);
    }
}
