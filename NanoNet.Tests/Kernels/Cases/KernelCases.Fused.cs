using System.Runtime.InteropServices;
using NanoNet.Kernels;
using NanoNet.Kernels.Geometry;
using NanoNet.Kernels.Plans;
using NanoNet.Tests.Checking;
using NanoNet.Tests.Reference;

namespace NanoNet.Tests.Kernels.Cases;

/// <content>What an engine does in one call that takes several of the contract.</content>
internal static partial class KernelCases
{
    /// <summary>Cases for engines that have such calls.</summary>
    public static IEnumerable<KernelCase> FusedCalls
    {
        get
        {
            foreach (var (rows, columns) in s_rows)
            {
                yield return LossStep(rows, columns, TargetKind.ClassIndices, wantsGradient: true);
                yield return LossStep(rows, columns, TargetKind.Distributions, wantsGradient: columns % 2 == 0);
            }

            yield return MatMulMasked(new(7, 33, 5), 1);
            yield return MatMulMasked(new(31, 12, 8, TransposeB: true), 1.25f);
            yield return MatMulMasked(new(5, 8, 1000, TransposeB: true), 2);
            yield return MatMulMasked(new(129, 64, 36), 1);
            yield return MatMulMasked(new(3, 4, 5000), 2);
            yield return InputGradientMasked(ConvolutionShape.All[10], 1);
            yield return InputGradientMasked(ConvolutionShape.All[4], 1.5f);
            yield return InputGradientMasked(new(1, 3, 3, 4, 4, 3, 3, 1, 1, Padding.Same), 3);
            yield return SumRowsPartly(1000, 3);
            yield return SumRowsPartly(6000, 33);
            yield return SgdOfRows(5, 1, 0);
            yield return SgdOfRows(9, 33, 0.9f);
            yield return SgdOfRows(2, 16, 0);
            yield return SgdOfRows(3, 64, 0);
            yield return GatherTogether(7, 31, 1, ElementType.Int32);
            yield return GatherTogether(32, 784, 1, ElementType.Int32);
            yield return GatherTogether(5, 3, 10, ElementType.Float32);
        }
    }

    private static IFusesCalls Fuses(KernelRun run) => (IFusesCalls)run.Backend;

    private static KernelCase LossStep(int rows, int columns, TargetKind kind, bool wantsGradient)
    {
        string row = $"LossStep {Of(rows, columns)}, {kind}{(wantsGradient ? ", gradient" : "")}";
        return new(row, 4 * rows * columns, run =>
        {
            var numbers = new Numbers(row);
            var totals = run.InOut(new NdArray(4));
            double sum = 0;
            int correct = 0;
            for (int batch = 0; batch < 2; batch++)
            {
                var logits = numbers.Between(-4, 4, rows, columns);
                var (targets, buffer) = Targets(numbers, rows, columns, kind);
                var dlogits = wantsGradient ? run.Output(rows * columns) : null;
                var upstream = wantsGradient ? run.Input(new NdArray([1], [-1.75])) : null;
                Fuses(run).LossStep(totals, dlogits, upstream, run.Input(logits), buffer(run), kind, rows, columns);
                sum += Naive.SoftmaxCrossEntropy(logits, targets).Values.Sum();
                correct += Naive.CountCorrect(logits, targets);
                if (dlogits is not null)
                {
                    run.Expect(
                        dlogits, () => Naive.SoftmaxCrossEntropyGradient(logits, targets, -1.75),
                        SoftmaxTolerance(columns), 1.75 / rows / columns);
                }
            }

            var read = MemoryMarshal.Cast<float, MetricTotals>(run.Read<float>(totals))[0];
            double allowed = Tolerance.Sum(columns, 8).Norm * 4 * 2 * rows;
            if (Math.Abs((read.Loss * 2 * rows) - sum) > allowed || read.Correct != correct || read.Rows != 2 * rows)
            {
                throw new CheckFailedException(
                    $"{row} on {run.Backend.Device.Name}: expected loss {sum:R}, correct {correct}, rows {2 * rows}; "
                    + $"got {read.Loss * 2 * rows:R}, {read.Correct}, {read.Rows}.");
            }
        });
    }

    // Integers are beyond what float32 holds exactly.
    private static KernelCase GatherTogether(int rows, int columns, int targetColumns, ElementType targetType)
    {
        const int Start = 3;
        string row = $"GatherTogether bytes {Of(rows, columns)}, {targetType} {Of(rows, targetColumns)}";
        return new(row, rows * columns, run =>
        {
            var numbers = new Numbers(row);
            byte[] pixels = numbers.Bytes(SourceRows * columns);
            int[] indices = numbers.Integers(SourceRows, SourceRows);
            int[] labels = numbers.Integers(SourceRows * targetColumns, int.MaxValue);
            var shares = numbers.Uniform(SourceRows, targetColumns);
            var (y, targets) = (run.Output(rows * columns), run.Output(rows * targetColumns));
            Fuses(run).GatherTogether(
                y, run.Input(pixels), new(rows, columns, ElementType.UInt8, 1f / 255),
                targets, targetType == ElementType.Int32 ? run.Input(labels) : run.Input(shares),
                new(rows, targetColumns, targetType, 1), run.Input(indices), StartingAt(Start));
            var values = new NdArray([SourceRows, columns], Array.ConvertAll(pixels, value => (double)value));
            run.Expect(y, () => Naive.Gather(values, indices, Start, rows, 1f / 255), Tolerance.Rounded(1));
            if (targetType == ElementType.Int32)
            {
                run.Expect(targets, () => [.. Enumerable.Range(0, rows).SelectMany(r =>
                    labels.Skip(indices[Start + r] * targetColumns).Take(targetColumns))]);
            }
            else
            {
                run.Expect(targets, () => Naive.Gather(shares, indices, Start, rows, 1), Tolerance.Exact);
            }
        });
    }

    private static KernelCase MatMulMasked(MatMulGeometry geometry, float scale)
    {
        string row = $"MatMulMasked {geometry}, scale {scale}";
        var (m, n, k, transposeA, transposeB) = geometry;
        return new(row, (long)m * n * k, run =>
        {
            var numbers = new Numbers(row);
            var a = transposeA ? numbers.Uniform(k, m) : numbers.Uniform(m, k);
            var b = transposeB ? numbers.Uniform(n, k) : numbers.Uniform(k, n);
            var y = numbers.Uniform(m, n);
            var dz = run.Output(m * n);
            Fuses(run).MatMulMasked(dz, run.Input(a), run.Input(b), run.Input(y), scale, geometry);
            run.Expect(dz, () => Masked(Naive.MatMul(a, b, transposeA, transposeB), y, scale),
                Tolerance.Sum(k, 3), scale * Math.Sqrt(k) / 3);
        });
    }

    private static KernelCase InputGradientMasked(ConvolutionShape shape, float scale)
    {
        string row = $"Conv2DInputGradientMasked {shape}, scale {scale}";
        return new(row, shape.Cost, run =>
        {
            var numbers = new Numbers(row);
            var dy = numbers.Uniform(shape.Output);
            var filter = numbers.Uniform(shape.Filter);
            var y = numbers.Uniform(shape.Input);
            int terms = shape.KernelHeight * shape.KernelWidth * shape.Filters;
            var dz = run.Output(shape.Geometry.InputCount);
            Fuses(run).Conv2DInputGradientMasked(
                dz, run.Input(dy), run.Input(filter), run.Input(y), scale, shape.Geometry);
            NdArray Gradient() => Naive.Conv2DInputGradient(
                dy, filter, shape.Input, shape.StrideHeight, shape.StrideWidth, shape.Padding);
            run.Expect(dz, () => Masked(Gradient(), y, scale),
                ToleranceFor(shape, terms), scale * Math.Sqrt(terms) / 3);
        });
    }

    private static NdArray Masked(NdArray x, NdArray y, double scale) =>
        new(x.Shape, [.. x.Values.Zip(y.Values, (value, mask) => mask > 0 ? value * scale : 0)]);

    // What is left are sums of neighbouring rows: which ones is the engine's business, but their sum is that of all
    // rows.
    private static KernelCase SumRowsPartly(int rows, int columns)
    {
        string row = $"SumRowsPartly {Of(rows, columns)}";
        return new(row, rows * columns, run =>
        {
            var x = new Numbers(row).Uniform(rows, columns);
            int left = Fuses(run).RowsForUpdate(rows, columns);
            var (partly, y) = (run.Output(left * columns), run.Output(columns));
            Fuses(run).SumRowsPartly(partly, run.Input(x), rows, columns);
            run.Backend.ReduceSum(y, partly, new(1, left, columns), 1);
            run.Expect(y, () => Naive.Sum(x, 0), Tolerance.Sum(rows), Math.Sqrt(rows) / 2);
        });
    }

    // Every second gradient is rows to be summed.
    private static KernelCase SgdOfRows(int parameters, int rows, float momentum)
    {
        string row = $"SgdUpdateAll {parameters}, gradients of {rows} rows, momentum {momentum}";
        int[] counts = [.. Enumerable.Range(0, parameters).Select(i => OddSizes[i % OddSizes.Length])];
        return new(row, counts.Sum() * rows, run =>
        {
            const float Rate = 0.05f;
            var numbers = new Numbers(row);
            int[] gradientRows = [.. counts.Select((_, i) => i % 2 == 0 ? rows : 1)];
            var w = Array.ConvertAll(counts, count => numbers.Uniform(count));
            NdArray[] g = [.. counts.Zip(gradientRows, (count, many) => numbers.Uniform(many, count))];
            var v = Array.ConvertAll(counts, count => momentum > 0 ? numbers.Uniform(count) : null);
            ParameterUpdate[] updates = [.. counts.Select((count, i) => new ParameterUpdate(
                run.InOut(w[i]), run.Input(g[i]), v[i] is { } velocity ? run.InOut(velocity) : null, count))];
            Fuses(run).SgdUpdateAll(updates, gradientRows, Rate, momentum, nesterov: false, movesClock: false);
            for (int i = 0; i < parameters; i++)
            {
                var sum = Naive.Sum(g[i], 0);
                var expected = Naive.Sgd(w[i], sum, v[i], Rate, momentum, nesterov: false);
                run.Expect(updates[i].Parameter, () => expected.Parameter, Tolerance.Rounded(4), size: 1);
                if (updates[i].Velocity is { } velocity)
                {
                    run.Expect(velocity, () => expected.Velocity!, Tolerance.Rounded(4), size: 1);
                }
            }
        });
    }
}
