using NanoNet.Tests.Checking;
using NanoNet.Tests.Reference;

namespace NanoNet.Tests.Kernels.Cases;

/// <content>Max-pooling and its gradient.</content>
internal static partial class KernelCases
{
    private static IEnumerable<KernelCase> Pools()
    {
        foreach (var shape in PoolShape.All)
        {
            // All negative, so that padding would win if it counted as zero; with ties, of which the first must win.
            yield return MaxPool2D(shape, "distinct", numbers => numbers.Distinct(shape.Input));
            yield return MaxPool2D(shape, "negative with ties", numbers => numbers.WithTies(shape.Input).Map(value => value - 3));
            yield return MaxPool2DWithoutArgMax(shape);
            yield return MaxPool2DGradient(shape);
        }
    }

    private static KernelCase MaxPool2D(PoolShape shape, string kind, Func<Numbers, NdArray> draw)
    {
        string row = $"MaxPool2D {shape}, {kind}";
        return new(row, shape.Cost, run =>
        {
            var x = draw(new Numbers(row));
            var y = run.Output(shape.Geometry.OutputCount);
            var argmax = run.Output(shape.Geometry.OutputCount);
            run.Backend.MaxPool2D(y, argmax, run.Input(x), shape.Geometry);
            run.Expect(y, () => Pooled(x, shape).Y, Tolerance.Exact);
            run.Expect(argmax, () => Pooled(x, shape).ArgMax);
        });
    }

    private static KernelCase MaxPool2DWithoutArgMax(PoolShape shape)
    {
        string row = $"MaxPool2D {shape}, values only";
        return new(row, shape.Cost, run =>
        {
            var x = new Numbers(row).Distinct(shape.Input);
            var y = run.Output(shape.Geometry.OutputCount);
            run.Backend.MaxPool2D(y, null, run.Input(x), shape.Geometry);
            run.Expect(y, () => Pooled(x, shape).Y, Tolerance.Exact);
        });
    }

    private static KernelCase MaxPool2DGradient(PoolShape shape)
    {
        string row = $"MaxPool2DGradient {shape}";
        return new(row, shape.Cost, run =>
        {
            var numbers = new Numbers(row);
            int[] argmax = Pooled(numbers.Distinct(shape.Input), shape).ArgMax;
            var dy = numbers.Uniform(shape.Output);
            var dx = run.Output(shape.Geometry.InputCount);
            run.Backend.MaxPool2DGradient(dx, run.Input(dy), run.Input(argmax), shape.Geometry);
            run.Expect(dx, () => Naive.MaxPool2DGradient(dy, argmax, shape.Input, shape.PoolHeight, shape.PoolWidth,
                shape.StrideHeight, shape.StrideWidth, shape.Padding), Tolerance.Sum(shape.PoolHeight * shape.PoolWidth));
        });
    }

    private static (NdArray Y, int[] ArgMax) Pooled(NdArray x, PoolShape shape) =>
        Naive.MaxPool2D(x, shape.PoolHeight, shape.PoolWidth, shape.StrideHeight, shape.StrideWidth, shape.Padding);
}
