using NanoNet.Kernels.Geometry;
using NanoNet.Tests.Checking;
using NanoNet.Tests.Reference;

namespace NanoNet.Tests.Kernels.Cases;

/// <content>Reductions over the middle of [outer, count, inner].</content>
internal static partial class KernelCases
{
    private static readonly (int Outer, int Count, int Inner)[] s_reductions =
    [
        (1, 1, 1), (1, 7, 1), (1, 129, 1), (7, 1, 31), (31, 33, 1), (65, 10, 1), (1, 33, 65), (1, 129, 7), (3, 7, 31), (7, 65, 33),
        (129, 2, 3), (1, 20_000, 1), (1, 3000, 17), (33, 1000, 1), (2, 129, 256),
    ];

    private static IEnumerable<KernelCase> Reductions()
    {
        foreach (var (outer, count, inner) in s_reductions)
        {
            string sizes = Of(outer, count, inner);
            var geometry = new ReduceGeometry(outer, count, inner);
            int cost = outer * count * inner;
            yield return new($"ReduceSum {sizes}", cost, run =>
            {
                var x = new Numbers($"ReduceSum {sizes}").Uniform(outer, count, inner);
                var y = run.Output(outer * inner);
                run.Backend.ReduceSum(y, run.Input(x), geometry, 0.7f);
                double size = 0.7 * Math.Sqrt(count / 3.0);
                run.Expect(y, () => Naive.Sum(x, 1).Map(sum => 0.7f * sum), Tolerance.Sum(count), size);
            });
            yield return new($"ReduceMax {sizes}", cost, run =>
            {
                // All negative: a reduction that starts from zero is caught.
                var x = new Numbers($"ReduceMax {sizes}").Between(-3, -1, outer, count, inner);
                var y = run.Output(outer * inner);
                run.Backend.ReduceMax(y, run.Input(x), geometry);
                run.Expect(y, () => Naive.Max(x, 1), Tolerance.Exact);
            });
            yield return new($"ArgMax {sizes}", cost, run =>
            {
                var x = new Numbers($"ArgMax {sizes}").WithTies(outer, count, inner);
                var y = run.Output(outer * inner);
                run.Backend.ArgMax(y, run.Input(x), geometry);
                run.Expect(y, () => Naive.ArgMax(x, outer, count, inner));
            });
        }
    }
}
