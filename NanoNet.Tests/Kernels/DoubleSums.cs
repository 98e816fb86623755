using Xunit;

namespace NanoNet.Tests.Kernels;

/// <summary>Sums in double precision that know how far single-precision ones may be off.</summary>
internal sealed class DoubleSums(int count)
{
    private readonly double[] _sum = new double[count];
    private readonly double[] _size = new double[count];
    private readonly int[] _terms = new int[count];

    public void Add(int place, double term)
    {
        _sum[place] += term;
        _size[place] += Math.Abs(term);
        _terms[place]++;
    }

    /// <summary>max(0, sum + bias), the bias by the last axis.</summary>
    public DoubleSums WithBiasAndRelu(float[] bias)
    {
        var result = new DoubleSums(count);
        for (int i = 0; i < count; i++)
        {
            float shift = bias[i % bias.Length];
            result._sum[i] = Math.Max(0, _sum[i] + shift);
            result._size[i] = _size[i] + Math.Abs(shift);
            result._terms[i] = _terms[i] + 1;
        }

        return result;
    }

    /// <summary>‖actual − expected‖ / ‖expected‖.</summary>
    public double RelativeError(float[] actual) => Math.Sqrt(
        _sum.Zip(actual, (expected, got) => (got - expected) * (got - expected)).Sum() / _sum.Sum(expected => expected * expected));

    /// <summary>Each element within the rounding errors of a plain sum.</summary>
    public void Check(float[] actual, string what)
    {
        for (int i = 0; i < count; i++)
        {
            // Each rounding is off by half a unit in the last place of a partial sum no larger than the size.
            double tolerance = (_terms[i] + 1) * Math.ScaleB(_size[i], -24);
            if (!(Math.Abs(actual[i] - _sum[i]) <= tolerance))
            {
                Assert.Fail($"{what}: element {i} is {actual[i]}, expected {_sum[i]} within {tolerance}");
            }
        }
    }
}
