using NanoNet.Core.Ops;
using NanoNet.Core.Tensors;
using NanoNet.Tests.Checking;
using NanoNet.Tests.Reference;

namespace NanoNet.Tests.Ops.Cases;

/// <content>Functions of one tensor.</content>
internal static partial class OpCases
{
    private static readonly int[][] s_shapes = [[], [1], [7], [31], [33], [65], [129], [3, 5, 7], [2, 65, 33]];

    private static IEnumerable<OpCase> Elementwise()
    {
        foreach (int[] shape in s_shapes)
        {
            yield return Unary("Relu", shape, numbers => numbers.AwayFromZero(shape), Op.Relu, Naive.Relu, 1);
            yield return Unary("Sigmoid", shape, numbers => numbers.Between(-2, 2, shape), Op.Sigmoid, Naive.Sigmoid, 10);
            yield return Unary("Exp", shape, numbers => numbers.Between(-3, 3, shape), Op.Exp, x => x.Map(Math.Exp), 4);
            yield return Unary("Log", shape, numbers => numbers.Between(0.1, 4, shape), Op.Log, x => x.Map(Math.Log), 4);
            yield return Unary("Sqrt", shape, numbers => numbers.Between(0.1, 4, shape), Op.Sqrt, x => x.Map(Math.Sqrt), 3);
            yield return Unary("Square", shape, numbers => numbers.AwayFromZero(shape), Op.Square, x => x.Map(value => value * value), 2);
            yield return Unary("Affine", shape, numbers => numbers.AwayFromZero(shape), x => Op.Affine(x, -2.5f, 0.75f),
                x => x.Map(value => (-2.5 * value) + 0.75), 2) with { Size = 1 };
        }

        yield return Scalar("2 + x", x => 2 + x, x => 2 + x);
        yield return Scalar("x + 2", x => x + 2, x => x + 2);
        yield return Scalar("2 − x", x => 2 - x, x => 2 - x);
        yield return Scalar("x − 2", x => x - 2, x => x - 2);
        yield return Scalar("3 · x", x => 3 * x, x => 3 * x);
        yield return Scalar("x · 3", x => x * 3, x => x * 3);
        yield return Scalar("x / 3", x => x / 3, x => x / 3);
        yield return Scalar("−x", x => -x, x => -x);
    }

    private static OpCase Unary(
        string name, int[] shape, Func<Numbers, NdArray> draw, Func<Tensor, Tensor> run, Func<NdArray, NdArray> reference, double roundings) =>
        new()
        {
            Name = $"{name} {Of(shape)}",
            Inputs = [draw(new Numbers($"{name} {Of(shape)}"))],
            Run = tensors => run(tensors[0]),
            Reference = arrays => reference(arrays[0]),
            Roundings = roundings,
        };

    private static OpCase Scalar(string name, Func<Tensor, Tensor> run, Func<double, double> f) =>
        Unary(name, [33], numbers => numbers.AwayFromZero(33), run, x => x.Map(value => f(value)), 2) with { Size = 2 };
}
