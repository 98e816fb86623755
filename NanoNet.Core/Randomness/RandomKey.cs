using System.Text;
using NanoNet.Kernels.Random;

namespace NanoNet.Core.Randomness;

/// <summary>
/// A Philox key: a hash of (seed, purpose, model, draw). The same four give the same numbers on every device and in any order,
/// and nothing that ran before has a say.
/// </summary>
/// <param name="Key0">Low word.</param>
/// <param name="Key1">High word.</param>
public readonly record struct RandomKey(uint Key0, uint Key1)
{
    /// <summary>The key for a purpose.</summary>
    /// <param name="seed">The one seed of the run.</param>
    /// <param name="purpose">What the numbers are for.</param>
    /// <param name="model">The model's name, or "" for what models share.</param>
    /// <param name="draw">Which of several repetitions.</param>
    public static RandomKey For(ulong seed, RandomPurpose purpose, string model = "", int draw = 0)
    {
        ArgumentNullException.ThrowIfNull(model);
        ulong hash = Mix(seed);
        hash = Mix(hash ^ (ulong)purpose);
        foreach (byte letter in Encoding.UTF8.GetBytes(model))
        {
            hash = Mix(hash ^ letter);
        }

        hash = Mix(hash ^ (0x100000000UL + (uint)draw));
        return new((uint)hash, (uint)(hash >> 32));
    }

    /// <summary>A number uniform in [0, 1), a multiple of 2⁻²⁴, at a place of a numbered stream.</summary>
    public float Uniform(int stream, int index) => (Integer(stream, index) >> 8) * (1f / 16777216);

    /// <summary>A random permutation of 0 to <paramref name="count"/> − 1 (Fisher and Yates), one for each stream.</summary>
    public int[] Permutation(int count, int stream = 0)
    {
        int[] order = new int[count];
        Permute(order, stream);
        return order;
    }

    /// <summary>The same permutation, in memory that is there already.</summary>
    internal void Permute(Span<int> order, int stream)
    {
        for (int i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }

        for (int i = order.Length - 1; i > 0; i--)
        {
            int j = Below(i + 1, stream, i);
            (order[i], order[j]) = (order[j], order[i]);
        }
    }

    private uint Integer(int stream, int index, int attempt = 0) =>
        Philox.Block((uint)index / 4, (uint)attempt, 0, (uint)stream, Key0, Key1)[index % 4];

    // Uniform in [0, bound) without bias: Lemire, "Fast random integer generation in an interval" (2019).
    private int Below(int bound, int stream, int index)
    {
        uint threshold = (uint)(-bound) % (uint)bound;
        for (int attempt = 0; ; attempt++)
        {
            ulong product = (ulong)Integer(stream, index, attempt) * (uint)bound;
            if ((uint)product >= threshold)
            {
                return (int)(product >> 32);
            }
        }
    }

    // The finalizer of SplitMix64 (Steele, Lea, Flood 2014).
    private static ulong Mix(ulong z)
    {
        z += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
