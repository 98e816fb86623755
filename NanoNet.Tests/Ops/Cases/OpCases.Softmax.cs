using NanoNet.Core.Ops;
using NanoNet.Core.Tensors;
using NanoNet.Kernels;
using NanoNet.Kernels.Random;
using NanoNet.Tests.Checking;
using NanoNet.Tests.Reference;

namespace NanoNet.Tests.Ops.Cases;

/// <content>Softmax, cross-entropy, dropout, and some operations in a row.</content>
internal static partial class OpCases
{
    private static readonly (int Rows, int Columns)[] s_rows = [(1, 1), (7, 10), (33, 1), (1, 129), (65, 3), (31, 33), (129, 10)];

    private static IEnumerable<OpCase> Softmaxes()
    {
        foreach (var (rows, columns) in s_rows)
        {
            yield return Unary("Softmax", [rows, columns], numbers => numbers.Between(-4, 4, rows, columns), Op.Softmax, Naive.Softmax, 10)
                with { Terms = columns };
        }

        yield return Unary("Softmax", [10], numbers => numbers.Between(-4, 4, 10), Op.Softmax, Naive.Softmax, 10) with { Terms = 10 };
        yield return Unary("Softmax", [3, 5, 7], numbers => numbers.Between(-4, 4, 3, 5, 7), Op.Softmax, Naive.Softmax, 10) with { Terms = 7 };
    }

    private static IEnumerable<OpCase> Losses()
    {
        foreach (var (rows, columns) in s_rows)
        {
            var numbers = new Numbers($"Cross-entropy {Of(rows, columns)}");
            int[] labels = numbers.Integers(rows, columns);
            var distributions = numbers.Distributions(rows, columns);
            yield return CrossEntropy("labels", rows, columns, Naive.OneHot(labels, columns), device => Tensor.FromLabels(device, labels));
            yield return CrossEntropy("distributions", rows, columns, distributions,
                device => Tensor.From(device, distributions.Floats, new Shape(rows, columns)));
        }
    }

    // The mean of the rows' losses; their logits and log-sum-exp may cancel.
    private static OpCase CrossEntropy(string kind, int rows, int columns, NdArray targets, Func<Device, Tensor> upload) =>
        Unary($"SoftmaxCrossEntropy of {kind}", [rows, columns], numbers => numbers.Between(-2, 2, rows, columns),
            logits => Op.SoftmaxCrossEntropy(logits, upload(logits.Device)),
            logits => Naive.Mean(Naive.SoftmaxCrossEntropy(logits, targets)), 10)
        with { Terms = columns + rows, Size = 4 };

    private static IEnumerable<OpCase> Dropouts()
    {
        foreach (var (rows, columns) in s_rows)
        {
            var mask = new DropoutMask(0.3f, 17, 4, 3, new StepClock { Epoch = 1, Step = 2 });
            yield return Unary("Dropout", [rows, columns], numbers => numbers.AwayFromZero(rows, columns), x => Op.Dropout(x, mask),
                x => Naive.Dropout(x, 0.3f, [17, 4], 3, 1, 2), 3);
        }
    }

    // The tape carries gradients through several operations, branches and repeated use.
    private static IEnumerable<OpCase> Composed()
    {
        yield return Unary("(exp(x) + x)² / x", [33], numbers => numbers.AwayFromZero(33), x => Op.Square(Op.Exp(x) + x) / x,
            x => x.Map(value => Math.Pow(Math.Exp(value) + value, 2) / value), 30);
        yield return Unary("x − mean(x) over rows", [7, 31], numbers => numbers.Uniform(7, 31), x => x - x.Mean(1).Reshape(7, 1),
            x => Naive.Binary(x, Naive.Mean(x, 1).Reshape(7, 1), (value, mean) => value - mean), 4) with { Size = 1, Terms = 31 };
        yield return new()
        {
            Name = "relu(x · w) · wᵀ, w used twice",
            Inputs = [new Numbers("w").Uniform(7, 31), new Numbers("w twice").Uniform(31, 5)],
            Run = tensors => Op.MatMul(Op.Relu(Op.MatMul(tensors[0], tensors[1])), tensors[1].Transpose()),
            Reference = arrays => Naive.MatMul(Naive.Relu(Naive.MatMul(arrays[0], arrays[1])), arrays[1], transposeB: true),
            Terms = 31 * 5,
            Size = Math.Sqrt(31 * 5) / 3,
        };
    }
}
