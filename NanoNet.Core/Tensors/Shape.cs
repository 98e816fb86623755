using System.Diagnostics;
using System.Numerics;

namespace NanoNet.Core.Tensors;

/// <summary>
/// The sizes of a tensor's axes, outermost first; row-major. The empty shape is a scalar's.
/// </summary>
[DebuggerDisplay("{ToString(),nq}")]
public readonly struct Shape : IEquatable<Shape>
{
    // A loop makes the same few shapes in every step. Nobody ever writes to their sizes, so equal shapes share them.
    private static readonly int[]?[] s_known = new int[1024][];

    private readonly int[]? _sizes;

    /// <summary>A shape of the given sizes, each at least 1.</summary>
    /// <exception cref="ArgumentException">A size is below 1, or there are more than 2³¹ − 1 elements.</exception>
    public Shape(params ReadOnlySpan<int> sizes)
    {
        long count = 1;
        foreach (int size in sizes)
        {
            if (size < 1)
            {
                throw new ArgumentException($"Every axis of a shape needs a size of at least 1, got ({string.Join(", ", sizes.ToArray())}).");
            }

            count = checked(count * size);
        }

        if (count > int.MaxValue)
        {
            throw new ArgumentException($"A tensor holds at most {int.MaxValue:N0} elements; ({string.Join(", ", sizes.ToArray())}) has {count:N0}.");
        }

        _sizes = Shared(sizes);
        Count = (int)count;
    }

    /// <summary>A scalar's shape.</summary>
    public static Shape Scalar { get; } = new([]);

    /// <summary>How many axes there are.</summary>
    public int Rank => _sizes?.Length ?? 0;

    /// <summary>How many elements there are: the product of the sizes.</summary>
    public int Count { get; }

    /// <summary>The sizes, outermost first.</summary>
    public ReadOnlySpan<int> Sizes => _sizes;

    /// <summary>The size of an axis; ^1 is the last.</summary>
    public int this[Index axis] => _sizes![axis];

    /// <summary>The elements of all axes but the first: what one row, or one example of a batch, holds.</summary>
    public int RowCount => Rank == 0 ? 1 : Count / this[0];

    /// <summary>This shape with an axis of <paramref name="size"/> put before it: a batch of it.</summary>
    public Shape Batched(int size)
    {
        Span<int> sizes = stackalloc int[Rank + 1];
        sizes[0] = size;
        Sizes.CopyTo(sizes[1..]);
        return new(sizes);
    }

    /// <summary>This shape without its first axis: one example of a batch.</summary>
    public Shape Unbatched() => new(Sizes[1..]);

    /// <summary>
    /// The shape that two operands broadcast to (NumPy's rule: aligned at the right, sizes equal or one of them 1), or
    /// null.
    /// </summary>
    public static Shape? Broadcast(Shape a, Shape b)
    {
        int rank = Math.Max(a.Rank, b.Rank);
        Span<int> sizes = stackalloc int[rank];
        for (int back = 1; back <= rank; back++)
        {
            int sizeA = back <= a.Rank ? a[^back] : 1;
            int sizeB = back <= b.Rank ? b[^back] : 1;
            if (sizeA != sizeB && sizeA != 1 && sizeB != 1)
            {
                return null;
            }

            sizes[rank - back] = Math.Max(sizeA, sizeB);
        }

        return new Shape(sizes);
    }

    /// <summary>Whether both have the same sizes.</summary>
    public static bool operator ==(Shape left, Shape right) => left.Equals(right);

    /// <summary>Whether the sizes differ.</summary>
    public static bool operator !=(Shape left, Shape right) => !left.Equals(right);

    /// <inheritdoc/>
    public bool Equals(Shape other) => Sizes.SequenceEqual(other.Sizes);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Shape other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (int size in Sizes)
        {
            hash.Add(size);
        }

        return hash.ToHashCode();
    }

    /// <summary>As Python prints a tuple: (32, 28, 28, 1), (10,), ().</summary>
    public override string ToString() =>
        Rank == 1 ? $"({this[0]},)" : $"({string.Join(", ", _sizes ?? [])})";

    private static int[] Shared(ReadOnlySpan<int> sizes)
    {
        uint hash = 0;
        foreach (int size in sizes)
        {
            hash = BitOperations.RotateLeft(hash, 5) ^ ((uint)size * 2654435761);
        }

        ref int[]? slot = ref s_known[(hash >> 16) % (uint)s_known.Length];
        int[]? known = slot;
        return known is not null && sizes.SequenceEqual(known) ? known : slot = sizes.ToArray();
    }
}
