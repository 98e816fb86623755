using NanoNet.Kernels.Formulas;
using NanoNet.Kernels.Geometry;
using NanoNet.Tests.Checking;
using NanoNet.Tests.Reference;

namespace NanoNet.Tests.Kernels.Cases;

/// <content>Functions of two arguments, with broadcasting and permuted axes.</content>
internal static partial class KernelCases
{
    /// <summary>Shapes of two operands that broadcast, up to the most axes that cannot be merged.</summary>
    public static readonly (int[] A, int[] B)[] Broadcasts =
    [
        ([1], [1]), ([7], [7]), ([129], [129]), ([33, 65], [33, 65]),
        ([33, 65], [65]), ([65], [33, 65]), ([33, 65], [33, 1]), ([33, 1], [1, 65]), ([31], [1]), ([], [7]), ([7, 31], []),
        ([7, 1, 31], [1, 33, 1]), ([3, 7, 1, 5], [7, 31, 1]), ([3, 1, 5, 1, 7, 1], [1, 2, 1, 4, 1, 3]), ([2, 3, 1, 1, 5], [2, 1, 4, 1, 5]),
    ];

    private static readonly int[] s_transposed = [7, 33, 5, 3, 2, 4];
    private static readonly int[][] s_orders = [[0], [0, 1], [1, 0], [0, 2, 1], [2, 1, 0], [1, 2, 0], [0, 3, 1, 2], [3, 1, 0, 2], [5, 3, 1, 4, 0, 2]];

    private static IEnumerable<KernelCase> Broadcasting()
    {
        foreach (var (a, b) in Broadcasts)
        {
            yield return Binary<Add>("Add", a, b, (x, y) => x + y, 1);
            yield return Binary<Subtract>("Subtract", a, b, (x, y) => x - y, 1);
            yield return Binary<Multiply>("Multiply", a, b, (x, y) => x * y, 1);
            yield return Binary<Divide>("Divide", a, b, (x, y) => x / y, 3);
            yield return Binary<Maximum>("Maximum", a, b, Math.Max, 0);
            yield return Binary<Minimum>("Minimum", a, b, Math.Min, 0);
            yield return Binary<GreaterThan>("GreaterThan", a, b, (x, y) => x > y ? 1 : 0, 0);
            yield return Binary<EqualTo>("EqualTo", a, b, (x, y) => x == y ? 1 : 0, 0);
        }

        foreach (int[] order in s_orders)
        {
            yield return Transpose(order);
        }

        yield return InPlace(isFirst: true);
        yield return InPlace(isFirst: false);
    }

    private static KernelCase Binary<TFormula>(string name, int[] shapeA, int[] shapeB, Func<double, double, double> f, double roundings)
        where TFormula : struct, IBinaryFormula
    {
        string row = $"{name} ({Of(shapeA)}) ({Of(shapeB)})";
        return new(row, 1000, run =>
        {
            // Halves away from zero: exact ties for the comparisons, no pole for the quotient.
            var numbers = new Numbers(row);
            bool isComparison = roundings == 0;
            var a = isComparison ? numbers.WithTies(shapeA) : numbers.AwayFromZero(shapeA);
            var b = isComparison ? numbers.WithTies(shapeB) : numbers.AwayFromZero(shapeB);
            var expected = Naive.Binary(a, b, f);
            var y = run.Output(expected.Count);
            run.Backend.Binary<TFormula>(y, run.Input(a), run.Input(b), BroadcastGeometry.Create(shapeA, shapeB));
            run.Expect(y, () => expected, Tolerance.Rounded(roundings));
        });
    }

    // The strides of a permutation; the operand that is ignored is read alike.
    private static KernelCase Transpose(int[] order)
    {
        int[] shape = s_transposed[..order.Length];
        return new($"First {Of(shape)} by {Of(order)}", 1000, run =>
        {
            var values = new Numbers($"Transpose {Of(order)}").Uniform(shape);
            int[] sizes = Array.ConvertAll(order, axis => shape[axis]);
            int[] strides = Array.ConvertAll(order, axis => shape[(axis + 1)..].Aggregate(1, (product, size) => product * size));
            var x = run.Input(values);
            var y = run.Output(values.Count);
            run.Backend.Binary<First>(y, x, x, BroadcastGeometry.FromStrides(sizes, strides, strides));
            run.Expect(y, () => Naive.Transpose(values, order), Tolerance.Exact);
        });
    }

    // The output may be an operand that is read in the output's own order.
    private static KernelCase InPlace(bool isFirst) => new($"Subtract in place of operand {(isFirst ? "a" : "b")}", 1000, run =>
    {
        var numbers = new Numbers("In place");
        var whole = numbers.Uniform(33, 65);
        var row = numbers.Uniform(65);
        var y = run.InOut(whole);
        var other = run.Input(row);
        var geometry = isFirst ? BroadcastGeometry.Create([33, 65], [65]) : BroadcastGeometry.Create([65], [33, 65]);
        run.Backend.Binary<Subtract>(y, isFirst ? y : other, isFirst ? other : y, geometry);
        run.Expect(y, () => isFirst ? Naive.Binary(whole, row, (a, b) => a - b) : Naive.Binary(row, whole, (a, b) => a - b),
            Tolerance.Rounded(1));
    });
}
