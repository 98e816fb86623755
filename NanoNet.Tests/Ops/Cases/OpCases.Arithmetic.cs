using NanoNet.Core.Ops;
using NanoNet.Core.Tensors;
using NanoNet.Tests.Checking;
using NanoNet.Tests.Kernels.Cases;
using NanoNet.Tests.Reference;

namespace NanoNet.Tests.Ops.Cases;

/// <content>Functions of two tensors, with broadcasting; the way back sums over what was repeated.</content>
internal static partial class OpCases
{
    private static IEnumerable<OpCase> Arithmetic()
    {
        foreach (var (a, b) in KernelCases.Broadcasts)
        {
            yield return Binary("Add", a, b, Op.Add, (x, y) => x + y, 1) with { Size = 1 };
            yield return Binary("Subtract", a, b, Op.Subtract, (x, y) => x - y, 1) with { Size = 1 };
            yield return Binary("Multiply", a, b, Op.Multiply, (x, y) => x * y, 2);
            yield return Binary("Divide", a, b, Op.Divide, (x, y) => x / y, 8);
            yield return Choice("Maximum", a, b, Op.Maximum, Math.Max);
            yield return Choice("Minimum", a, b, Op.Minimum, Math.Min);
        }

        // One tensor as both operands: its gradients accumulate.
        yield return Unary("x · x", [33], numbers => numbers.AwayFromZero(33), x => x * x, x => x.Map(value => value * value), 2);
        yield return Unary("x − x", [33], numbers => numbers.AwayFromZero(33), x => x - x, x => x.Map(_ => 0), 2);
        yield return Unary("x / x", [33], numbers => numbers.AwayFromZero(33), x => x / x, x => x.Map(_ => 1), 8) with { Size = 1 };
    }

    private static OpCase Binary(
        string name, int[] a, int[] b, Func<Tensor, Tensor, Tensor> run, Func<double, double, double> f, double roundings)
    {
        var numbers = new Numbers($"{name} {Of(a)} {Of(b)}");
        return new()
        {
            Name = $"{name} {Of(a)} {Of(b)}",
            Inputs = [numbers.AwayFromZero(a), numbers.AwayFromZero(b)],
            Run = tensors => run(tensors[0], tensors[1]),
            Reference = arrays => Naive.Binary(arrays[0], arrays[1], f),
            Roundings = roundings,
        };
    }

    // Halves on one side, quarters past them on the other: never equal.
    private static OpCase Choice(string name, int[] a, int[] b, Func<Tensor, Tensor, Tensor> run, Func<double, double, double> f)
    {
        var numbers = new Numbers($"{name} {Of(a)} {Of(b)}");
        return Binary(name, a, b, run, f, 1) with
        {
            Inputs = [numbers.WithTies(a), numbers.WithTies(b).Map(value => value + 0.25)],
        };
    }
}
