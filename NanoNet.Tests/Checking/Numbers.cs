using NanoNet.Tests.Reference;

namespace NanoNet.Tests.Checking;

/// <summary>Inputs for a test, drawn from its name: each test has its own and always the same. All are exact as float32.</summary>
internal sealed class Numbers(string name)
{
    private readonly System.Random _random = new(Seed(name));

    /// <summary>Uniform in [−1, 1).</summary>
    public NdArray Uniform(params int[] shape) => Between(-1, 1, shape);

    /// <summary>Uniform between two bounds.</summary>
    public NdArray Between(double low, double high, params int[] shape) =>
        new NdArray(shape).Map(_ => (float)(low + ((high - low) * _random.NextDouble())));

    /// <summary>At least 0.1 from zero, of either sign: away from ReLU's kink and from poles.</summary>
    public NdArray AwayFromZero(params int[] shape) =>
        new NdArray(shape).Map(_ => (float)((0.1 + _random.NextDouble()) * (_random.Next(2) == 0 ? -1 : 1)));

    /// <summary>All different, evenly spaced in [−2, 2], shuffled: no ties, and none in sight.</summary>
    public NdArray Distinct(params int[] shape)
    {
        var values = new NdArray(shape);
        int[] order = [.. Enumerable.Range(0, values.Count)];
        _random.Shuffle(order);
        for (int i = 0; i < values.Count; i++)
        {
            values[i] = (float)(-2 + (4.0 * (order[i] + 1) / (values.Count + 1)));
        }

        return values;
    }

    /// <summary>Small integers: many ties.</summary>
    public NdArray WithTies(params int[] shape) => new NdArray(shape).Map(_ => _random.Next(-2, 3));

    /// <summary>Rows of positive numbers that sum to about 1.</summary>
    public NdArray Distributions(int rows, int columns)
    {
        var values = Between(0.05, 1, rows, columns);
        var sums = Naive.Sum(values, 1);
        for (int i = 0; i < values.Count; i++)
        {
            values[i] = (float)(values[i] / sums[i / columns]);
        }

        return values;
    }

    /// <summary>Integers from 0 to below a bound.</summary>
    public int[] Integers(int count, int bound)
    {
        int[] values = new int[count];
        for (int i = 0; i < count; i++)
        {
            values[i] = _random.Next(bound);
        }

        return values;
    }

    public byte[] Bytes(int count)
    {
        byte[] values = new byte[count];
        _random.NextBytes(values);
        return values;
    }

    // FNV-1a: string.GetHashCode differs from run to run.
    private static int Seed(string name)
    {
        uint hash = 2166136261;
        foreach (char letter in name)
        {
            hash = (hash ^ letter) * 16777619;
        }

        return (int)hash;
    }
}
