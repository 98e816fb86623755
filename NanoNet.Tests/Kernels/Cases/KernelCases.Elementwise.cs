using NanoNet.Kernels.Formulas;
using NanoNet.Tests.Checking;
using NanoNet.Tests.Reference;

namespace NanoNet.Tests.Kernels.Cases;

/// <content>Functions of one argument, their derivatives, and affine maps.</content>
internal static partial class KernelCases
{
    // An exponential or logarithm counts as four roundings; those of 1 − y in the sigmoid's derivative weigh 1/(1 − y), at most 8.4.
    private static IEnumerable<KernelCase> Elementwise() =>
    [
        .. Unary<Relu>("Relu", -2, 2, Naive.Relu, (x, _) => x > 0 ? 1 : 0, 0),
        .. Unary<Sigmoid>("Sigmoid", -2, 2, Naive.Sigmoid, (_, y) => y * (1 - y), 10),
        .. Unary<Exp>("Exp", -5, 5, x => x.Map(Math.Exp), (_, y) => y, 4),
        .. Unary<Log>("Log", 0.1, 9, x => x.Map(Math.Log), (x, _) => 1 / x, 4),
        .. Unary<Sqrt>("Sqrt", 0.01, 9, x => x.Map(Math.Sqrt), (_, y) => 0.5 / y, 3),
        .. Unary<Square>("Square", -3, 3, x => x.Map(value => value * value), (x, _) => 2 * x, 2),
        .. OddSizes.SelectMany(count => new[] { Affine(count, false), Affine(count, true) }),
    ];

    private static IEnumerable<KernelCase> Unary<TFormula>(
        string name, double low, double high, Func<NdArray, NdArray> f, Func<double, double, double> derivative, double roundings)
        where TFormula : struct, IUnaryFormula
    {
        foreach (int count in OddSizes)
        {
            foreach (bool isInPlace in new[] { false, true })
            {
                string row = $"{name} {count}{(isInPlace ? " in place" : "")}";
                yield return new(row, count, run =>
                {
                    var values = new Numbers(row).Between(low, high, count);
                    var x = InputOrOutput(run, values, isInPlace);
                    var y = OutputFor(run, x, count, isInPlace);
                    run.Backend.Unary<TFormula>(y, x, count);
                    run.Expect(y, () => f(values), Tolerance.Rounded(roundings));
                });
                yield return new($"{name}Gradient {count}{(isInPlace ? " in place" : "")}", count, run =>
                {
                    var numbers = new Numbers($"{row} gradient");
                    var xs = numbers.Between(low, high, count);
                    var ys = NdArray.From(xs.Shape, f(xs).Floats);
                    var dys = numbers.Uniform(count);
                    var dy = InputOrOutput(run, dys, isInPlace);
                    var dx = OutputFor(run, dy, count, isInPlace);
                    run.Backend.UnaryGradient<TFormula>(dx, dy, run.Input(xs), run.Input(ys), count);
                    run.Expect(dx, () => Naive.Binary(dys, Naive.Binary(xs, ys, derivative), (a, b) => a * b), Tolerance.Rounded(roundings + 1));
                });
            }
        }
    }

    private static KernelCase Affine(int count, bool isInPlace)
    {
        string row = $"Affine {count}{(isInPlace ? " in place" : "")}";
        return new(row, count, run =>
        {
            var values = new Numbers(row).Uniform(count);
            var x = InputOrOutput(run, values, isInPlace);
            var y = OutputFor(run, x, count, isInPlace);
            run.Backend.Affine(y, x, -1.5f, 0.3f, count);
            run.Expect(y, () => values.Map(value => (-1.5 * value) + 0.3f), Tolerance.Rounded(2), size: 1);
        });
    }
}
