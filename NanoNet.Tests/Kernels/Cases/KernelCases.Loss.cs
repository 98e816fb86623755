using System.Runtime.InteropServices;
using NanoNet.Kernels;
using NanoNet.Kernels.Memory;
using NanoNet.Tests.Checking;
using NanoNet.Tests.Reference;

namespace NanoNet.Tests.Kernels.Cases;

/// <content>Cross-entropy on logits, its gradient, and the running totals.</content>
internal static partial class KernelCases
{
    private static IEnumerable<KernelCase> Losses()
    {
        foreach (var (rows, columns) in s_rows)
        {
            foreach (var kind in Enum.GetValues<TargetKind>())
            {
                yield return CrossEntropy(rows, columns, kind, spread: 4);
                yield return CrossEntropyGradient(rows, columns, kind, spread: 4);
            }

            yield return Metrics(rows, columns, TargetKind.ClassIndices);
            yield return Metrics(rows, columns, TargetKind.Distributions);
        }

        // Saturated: probabilities of 0 and 1 in float32, where a clipped logarithm would be wrong.
        yield return CrossEntropy(31, 10, TargetKind.ClassIndices, spread: 300);
        yield return CrossEntropyGradient(31, 10, TargetKind.ClassIndices, spread: 300);
    }

    private static (NdArray Distributions, Func<KernelRun, DeviceBuffer> Buffer) Targets(Numbers numbers, int rows, int columns, TargetKind kind)
    {
        int[] labels = numbers.Integers(rows, columns);
        var distributions = kind == TargetKind.ClassIndices ? Naive.OneHot(labels, columns) : numbers.Distributions(rows, columns);
        return (distributions, run => kind == TargetKind.ClassIndices ? run.Input(labels) : run.Input(distributions));
    }

    private static KernelCase CrossEntropy(int rows, int columns, TargetKind kind, double spread)
    {
        string row = $"SoftmaxCrossEntropy {Of(rows, columns)}, {kind}, logits to {spread}";
        return new(row, rows * columns, run =>
        {
            var numbers = new Numbers(row);
            var logits = numbers.Between(-spread, spread, rows, columns);
            var (targets, buffer) = Targets(numbers, rows, columns, kind);
            var losses = run.Output(rows);
            run.Backend.SoftmaxCrossEntropy(losses, run.Input(logits), buffer(run), kind, rows, columns);

            // log Σ exp and the target's logit may cancel: errors are relative to the logits.
            run.Expect(losses, () => Naive.SoftmaxCrossEntropy(logits, targets), Tolerance.Sum(columns, 8), spread);
        });
    }

    private static KernelCase CrossEntropyGradient(int rows, int columns, TargetKind kind, double spread)
    {
        string row = $"SoftmaxCrossEntropyGradient {Of(rows, columns)}, {kind}, logits to {spread}";
        return new(row, rows * columns, run =>
        {
            var numbers = new Numbers(row);
            var logits = numbers.Between(-spread, spread, rows, columns);
            var (targets, buffer) = Targets(numbers, rows, columns, kind);
            var dlogits = run.Output(rows * columns);
            var upstream = run.Input(new NdArray([1], [-1.75]));
            run.Backend.SoftmaxCrossEntropyGradient(dlogits, upstream, run.Input(logits), buffer(run), kind, rows, columns);

            // p − t cancels where p is near 1: errors are relative to a probability.
            run.Expect(dlogits, () => Naive.SoftmaxCrossEntropyGradient(logits, targets, -1.75), SoftmaxTolerance(columns),
                1.75 / rows / columns);
        });
    }

    // Three batches: losses are summed with compensation, to nearly double precision; counts are exact.
    private static KernelCase Metrics(int rows, int columns, TargetKind kind)
    {
        string row = $"AccumulateMetrics {Of(rows, columns)}, {kind}";
        return new(row, rows * columns, run =>
        {
            var numbers = new Numbers(row);
            var totals = run.InOut(new NdArray(4));
            double sum = 0;
            int correct = 0;
            for (int batch = 0; batch < 3; batch++)
            {
                var losses = numbers.Between(0, 16, rows);
                var scores = numbers.WithTies(rows, columns);
                var (targets, buffer) = Targets(numbers, rows, columns, kind);
                run.Backend.AccumulateMetrics(totals, run.Input(losses), run.Input(scores), buffer(run), kind, rows, columns);
                sum += losses.Values.Sum();
                correct += Naive.CountCorrect(scores, targets);
            }

            var read = MemoryMarshal.Cast<float, MetricTotals>(run.Read<float>(totals))[0];
            bool isRight = Math.Abs((read.Loss * 3 * rows) - sum) <= 1e-11 * sum && read.Correct == correct && read.Rows == 3 * rows;
            if (!isRight)
            {
                throw new CheckFailedException($"{row} on {run.Backend.Device.Name}: expected loss {sum:R}, correct {correct}, rows {3 * rows}; "
                    + $"got {read.Loss * 3 * rows:R} ({read.LossHigh:R} and {read.LossLow:R}), {read.Correct}, {read.Rows}.");
            }
        });
    }
}
