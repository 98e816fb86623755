using NanoNet.Tests.Checking;
using NanoNet.Tests.Reference;

namespace NanoNet.Tests.Kernels.Cases;

/// <content>Softmax and its gradient.</content>
internal static partial class KernelCases
{
    private static readonly (int Rows, int Columns)[] s_rows = [(1, 1), (7, 10), (33, 1), (1, 129), (65, 3), (31, 33), (129, 10), (5, 1000)];

    // Exponential and quotient, and a sum of positive terms.
    private static Tolerance SoftmaxTolerance(int columns) => Tolerance.Sum(columns, 8);

    private static IEnumerable<KernelCase> Softmaxes()
    {
        foreach (var (rows, columns) in s_rows)
        {
            foreach (bool isInPlace in new[] { false, true })
            {
                string row = $"{Of(rows, columns)}{(isInPlace ? " in place" : "")}";
                yield return new($"Softmax {row}", rows * columns, run =>
                {
                    var xs = new Numbers($"Softmax {row}").Between(-4, 4, rows, columns);
                    var x = InputOrOutput(run, xs, isInPlace);
                    var y = OutputFor(run, x, xs.Count, isInPlace);
                    run.Backend.Softmax(y, x, rows, columns);
                    run.Expect(y, () => Naive.Softmax(xs), SoftmaxTolerance(columns));
                });
                yield return new($"SoftmaxGradient {row}", rows * columns, run =>
                {
                    var numbers = new Numbers($"SoftmaxGradient {row}");
                    var ys = NdArray.From([rows, columns], Naive.Softmax(numbers.Between(-4, 4, rows, columns)).Floats);
                    var dys = numbers.Uniform(rows, columns);
                    var dy = InputOrOutput(run, dys, isInPlace);
                    var dx = OutputFor(run, dy, dys.Count, isInPlace);
                    run.Backend.SoftmaxGradient(dx, dy, run.Input(ys), rows, columns);

                    // y · (dy − Σ dy·y) is a difference of numbers of about y's size.
                    run.Expect(dx, () => Naive.SoftmaxGradient(dys, ys), Tolerance.Sum(columns, 4), 1.0 / columns);
                });
            }
        }

        yield return new("Softmax of huge and of equal scores", 12, run =>
        {
            var x = new NdArray([3, 4], [1e4, -1e4, 9999, 0, -3e38, -3e38, -3e38, -3e38, 88, 89, 90, -90]);
            var y = run.Output(12);
            run.Backend.Softmax(y, run.Input(x), 3, 4);
            run.Expect(y, () => Naive.Softmax(NdArray.From(x.Shape, x.Floats)), SoftmaxTolerance(4));
        });
    }
}
