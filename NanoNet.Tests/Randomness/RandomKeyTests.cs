using NanoNet.Core.Randomness;
using NanoNet.Tests.Checking;
using NanoNet.Tests.Reference;
using Xunit;

namespace NanoNet.Tests.Randomness;

/// <summary>Keys and what is drawn from them: the same for the same four words, unrelated for any others, and evenly spread.</summary>
public sealed class RandomKeyTests
{
    private const int Draws = 100_000;
    private static readonly RandomKey s_key = RandomKey.For(42, RandomPurpose.Weights, "Model A");

    // Salmon et al.'s known answers: an error in the reference would hide one in the product.
    [Fact]
    public void The_reference_gives_the_published_numbers()
    {
        Assert.Equal([0x6627E8D5u, 0xE169C58Du, 0xBC57AC4Cu, 0x9B00DBD8u], Naive.Philox([0, 0, 0, 0], [0, 0]));
        const uint Ones = uint.MaxValue;
        Assert.Equal([0x408F276Du, 0x41C83B0Eu, 0xA20BC7C6u, 0x6D5451FDu], Naive.Philox([Ones, Ones, Ones, Ones], [Ones, Ones]));
        Assert.Equal([0xD16CFE09u, 0x94FDCCEBu, 0x5001E420u, 0x24126EA1u],
            Naive.Philox([0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344], [0xA4093822, 0x299F31D0]));
    }

    [Fact]
    public void Numbers_are_a_pure_function_of_key_stream_and_place()
    {
        for (int i = 0; i < 50; i++)
        {
            uint word = Naive.Philox([(uint)i / 4, 0, 0, 3], [s_key.Key0, s_key.Key1])[i % 4];
            Assert.Equal((word >> 8) / 16777216f, s_key.Uniform(3, i));
        }
    }

    [Fact]
    public void Any_other_word_gives_another_key()
    {
        RandomKey[] keys =
        [
            s_key,
            RandomKey.For(43, RandomPurpose.Weights, "Model A"),
            RandomKey.For(42, RandomPurpose.Shuffle, "Model A"),
            RandomKey.For(42, RandomPurpose.Weights, "Model B"),
            RandomKey.For(42, RandomPurpose.Weights, "Model A", 1),
            RandomKey.For(42, RandomPurpose.Weights, "Model A", -1),
            RandomKey.For(42, RandomPurpose.Weights),
            RandomKey.For(42UL << 32, RandomPurpose.Weights, "Model A"),
            RandomKey.For(0, RandomPurpose.Weights),
        ];
        Assert.Equal(keys.Length, keys.Distinct().Count());
        Assert.Equal(s_key, RandomKey.For(42, RandomPurpose.Weights, "Model A"));
        for (int i = 1; i < keys.Length; i++)
        {
            AssertUnrelated(place => s_key.Uniform(0, place), place => keys[i].Uniform(0, place));
        }

        AssertUnrelated(place => s_key.Uniform(0, place), place => s_key.Uniform(1, place));
        AssertUnrelated(place => s_key.Uniform(0, place), place => s_key.Uniform(0, place + 1));
    }

    // The bounds are four standard deviations: 1/√12 and the deviation of its square, over √n.
    [Fact]
    public void Numbers_are_uniform()
    {
        double[] values = [.. Enumerable.Range(0, Draws).Select(i => (double)s_key.Uniform(0, i))];
        Assert.All(values, value => Assert.InRange(value, 0, 1 - (1.0 / 16777216)));
        Assert.Equal(0.5, values.Average(), 4 * Math.Sqrt(1.0 / 12 / Draws));
        Assert.Equal(1.0 / 12, values.Average(value => Math.Pow(value - 0.5, 2)), 4 * Math.Sqrt(1.0 / 180 / Draws));
        int[] tenths = new int[10];
        foreach (double value in values)
        {
            tenths[(int)(10 * value)]++;
        }

        double deviation = Math.Sqrt(Draws * 0.1 * 0.9);
        Assert.All(tenths, count => Assert.InRange(count, (Draws / 10) - (4 * deviation), (Draws / 10) + (4 * deviation)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(10)]
    [InlineData(1000)]
    [InlineData(60_000)]
    public void A_permutation_has_each_index_once(int count)
    {
        int[] order = s_key.Permutation(count, 5);
        Assert.Equal(Enumerable.Range(0, count), order.Order());
        Assert.Equal(order, s_key.Permutation(count, 5));
        if (count >= 10)
        {
            Assert.NotEqual(order, s_key.Permutation(count, 6));
            Assert.NotEqual(order, RandomKey.For(43, RandomPurpose.Shuffle).Permutation(count, 5));
        }
    }

    // Every element reaches every place equally often: four standard deviations of a binomial count.
    [Fact]
    public void Permutations_are_even()
    {
        const int Size = 5;
        const int Streams = 20_000;
        int[,] counts = new int[Size, Size];
        for (int stream = 0; stream < Streams; stream++)
        {
            int[] order = s_key.Permutation(Size, stream);
            for (int place = 0; place < Size; place++)
            {
                counts[place, order[place]]++;
            }
        }

        double expected = (double)Streams / Size;
        double allowed = 4 * Math.Sqrt(expected * (1 - (1.0 / Size)));
        foreach (int count in counts)
        {
            Assert.InRange(count, expected - allowed, expected + allowed);
        }
    }

    // The correlation of n independent pairs has a standard deviation of 1/√n.
    private static void AssertUnrelated(Func<int, float> a, Func<int, float> b)
    {
        const int Pairs = 10_000;
        double sum = 0;
        for (int i = 0; i < Pairs; i++)
        {
            sum += (a(i) - 0.5) * (b(i) - 0.5) * 12;
        }

        if (Math.Abs(sum / Pairs) > 4 / Math.Sqrt(Pairs))
        {
            throw new CheckFailedException($"Two streams correlate by {sum / Pairs:G3}.");
        }
    }
}
