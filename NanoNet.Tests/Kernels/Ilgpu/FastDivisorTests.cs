using FsCheck.Xunit;
using NanoNet.Kernels.Ilgpu;
using Xunit;

namespace NanoNet.Tests.Kernels.Ilgpu;

/// <summary>Division by multiplication is exact, everywhere.</summary>
public sealed class FastDivisorTests
{
    [Property(MaxTest = 2000)]
    public void Divides_as_the_processor_does(int number, int divisor)
    {
        number &= int.MaxValue;
        divisor = Math.Max(1, divisor & int.MaxValue);
        Assert.Equal(number / divisor, new FastDivisor(divisor).Divide(number));
    }

    [Property(MaxTest = 2000)]
    public void Negative_numbers_stay_too_large(int number, int divisor)
    {
        number |= int.MinValue;
        divisor = Math.Max(1, divisor & int.MaxValue);
        Assert.True((uint)new FastDivisor(divisor).Divide(number) >= (uint)number / (uint)divisor);
    }

    [Fact]
    public void Divides_exactly_around_every_multiple()
    {
        int[] edges = [0, 1, 2, 3, 62, 63, 64, 65, 1 << 20, int.MaxValue / 2, int.MaxValue - 1, int.MaxValue];
        int[] divisors =
        [
            1, 2, 3, 5, 7, 9, 10, 28, 64, 576, 641, 65_535, 65_537,
            1 << 30, (1 << 30) + 1, int.MaxValue - 1, int.MaxValue,
        ];
        foreach (int divisor in divisors)
        {
            var fast = new FastDivisor(divisor);
            foreach (int edge in edges)
            {
                int multiple = edge / divisor * divisor;
                foreach (int number in new[] { edge, multiple, Math.Max(0, multiple - 1) })
                {
                    Assert.Equal(number / divisor, fast.Divide(number));
                }
            }
        }
    }
}
