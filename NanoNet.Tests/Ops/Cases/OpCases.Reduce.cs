using NanoNet.Core.Ops;
using NanoNet.Tests.Checking;
using NanoNet.Tests.Reference;

namespace NanoNet.Tests.Ops.Cases;

/// <content>Reductions over any axes, and rearrangements of elements.</content>
internal static partial class OpCases
{
    private static readonly (int[] Shape, int[] Axes)[] s_reductions =
    [
        ([], []), ([1], [0]), ([129], []), ([7, 31], []), ([33, 65], [0]), ([33, 65], [1]), ([33, 65], [-2]), ([1, 1], [0]),
        ([7, 31, 33], [0]), ([7, 31, 33], [1]), ([7, 31, 33], [2]), ([7, 31, 33], [0, 2]), ([7, 31, 33], [2, 1]), ([7, 31, 33], [-3, 1]),
        ([2, 3, 4, 5], [0, 2]), ([2, 3, 4, 5], [1, 3]), ([2, 3, 4, 5], [3, 0, 1]), ([2, 1, 4, 1], [1]), ([2, 1, 4, 1], [0, 2]),
    ];

    private static readonly (int[] Shape, int[] Order)[] s_orders =
    [
        ([7], [0]), ([7, 31], [1, 0]), ([65, 33], [0, 1]), ([3, 5, 7], [2, 1, 0]), ([3, 5, 7], [1, 2, 0]), ([3, 5, 7], [0, 2, 1]),
        ([2, 3, 4, 5], [0, 3, 1, 2]), ([2, 3, 4, 5], [3, 1, 0, 2]), ([2, 3, 2, 2, 3, 2], [5, 3, 1, 4, 0, 2]),
    ];

    private static IEnumerable<OpCase> Reductions()
    {
        foreach (var (shape, axes) in s_reductions)
        {
            string name = $"{Of(shape)} over {Of(axes)}";
            int[] whole = axes.Length == 0 ? shape : Array.ConvertAll(axes, axis => shape[(axis + shape.Length) % shape.Length]);
            int terms = CountOf(whole);

            // Uniform numbers have a root mean square of √⅓.
            yield return Unary($"Sum {name}", shape, numbers => numbers.Uniform(shape), x => Op.Sum(x, axes), x => Naive.Sum(x, axes), 1)
                with { Terms = terms, Size = Math.Sqrt(terms / 3.0), Cost = CountOf(shape) };
            yield return Unary($"Mean {name}", shape, numbers => numbers.Uniform(shape), x => Op.Mean(x, axes), x => Naive.Mean(x, axes), 2)
                with { Terms = terms, Size = Math.Sqrt(1 / 3.0 / terms), Cost = CountOf(shape) };
            yield return Unary($"Max {name}", shape, numbers => numbers.Distinct(shape), x => Op.Max(x, axes), x => Naive.Max(x, axes), 2)
                with { Cost = CountOf(shape) };
        }
    }

    private static IEnumerable<OpCase> Rearrangements()
    {
        foreach (var (shape, order) in s_orders)
        {
            yield return Unary($"Transpose {Of(order)}", shape, numbers => numbers.Uniform(shape), x => Op.Transpose(x, order),
                x => Naive.Transpose(x, order), 0);
        }

        yield return Unary("Transpose", [5, 7, 3], numbers => numbers.Uniform(5, 7, 3), x => x.Transpose(), x => Naive.Transpose(x, 2, 1, 0), 0);
        yield return Unary("Reshape (21, −1)", [3, 7, 5], numbers => numbers.Uniform(3, 7, 5), x => x.Reshape(21, -1), x => x.Reshape(21, 5), 0);
        yield return Unary("Reshape ()", [1, 1], numbers => numbers.Uniform(1, 1), x => x.Reshape(), x => x.Reshape(), 0);
    }
}
