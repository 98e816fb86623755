using NanoNet.Kernels;
using NanoNet.Kernels.Geometry;
using NanoNet.Tests.Checking;
using NanoNet.Tests.Reference;

namespace NanoNet.Tests.Kernels.Cases;

/// <content>Matrix products in their four forms, and the prologue of their gradients.</content>
internal static partial class KernelCases
{
    /// <summary>Rows, columns and depth of products: odd, thin, deep, and those of the models.</summary>
    public static readonly (int M, int N, int K)[] Products =
    [
        (1, 1, 1), (1, 1, 129), (1, 129, 7), (7, 1, 31), (7, 31, 33), (31, 33, 65), (33, 65, 129), (65, 129, 31), (129, 7, 65),
        (3, 5, 1000), (32, 10, 64), (32, 256, 784), (5, 128, 2304), (130, 70, 300), (300, 10, 20), (64, 64, 64),
    ];

    private static IEnumerable<KernelCase> MatMuls()
    {
        foreach (var (m, n, k) in Products)
        {
            yield return MatMul(new(m, n, k), hasBias: false, Activation.None);
            yield return MatMul(new(m, n, k, TransposeA: true), hasBias: false, Activation.None);
            yield return MatMul(new(m, n, k, TransposeB: true), hasBias: false, Activation.None);
            yield return MatMul(new(m, n, k, TransposeA: true, TransposeB: true), hasBias: false, Activation.None);
            yield return MatMul(new(m, n, k), hasBias: true, Activation.None);
            yield return MatMul(new(m, n, k), hasBias: true, Activation.Relu);
            yield return MatMul(new(m, n, k), hasBias: false, Activation.Relu);
        }

        foreach (var (rows, columns) in new[] { (1, 1), (1, 129), (129, 1), (7, 31), (33, 65), (1000, 10), (300, 256) })
        {
            yield return ReluBiasGradient(rows, columns, isInPlace: false);
            yield return ReluBiasGradient(rows, columns, isInPlace: true);
        }
    }

    private static KernelCase MatMul(MatMulGeometry g, bool hasBias, Activation activation)
    {
        string form = $"a{(g.TransposeA ? "ᵀ" : "")}·b{(g.TransposeB ? "ᵀ" : "")}{(hasBias ? " + bias" : "")}";
        string row = $"MatMul {g.M}x{g.N} over {g.K}, {(activation == Activation.Relu ? $"relu({form})" : form)}";
        return new(row, (long)g.M * g.N * g.K, run =>
        {
            var numbers = new Numbers(row);
            var a = g.TransposeA ? numbers.Uniform(g.K, g.M) : numbers.Uniform(g.M, g.K);
            var b = g.TransposeB ? numbers.Uniform(g.N, g.K) : numbers.Uniform(g.K, g.N);
            var bias = hasBias ? numbers.Uniform(g.N) : null;
            var c = run.Output(g.M * g.N);
            run.Backend.MatMul(c, run.Input(a), run.Input(b), bias is null ? null : run.Input(bias), g, activation);

            // Products of uniform numbers have a root mean square of 1/3.
            run.Expect(c, () => Finished(Naive.MatMul(a, b, g.TransposeA, g.TransposeB), bias, activation), Tolerance.Sum(g.K, 2),
                Math.Sqrt(g.K) / 3);
        });
    }

    private static NdArray Finished(NdArray product, NdArray? bias, Activation activation)
    {
        var sum = bias is null ? product : Naive.AddBias(product, bias);
        return activation == Activation.Relu ? Naive.Relu(sum) : sum;
    }

    private static KernelCase ReluBiasGradient(int rows, int columns, bool isInPlace)
    {
        string row = $"ReluBiasGradient {Of(rows, columns)}{(isInPlace ? " in place" : "")}";
        return new(row, rows * columns, run =>
        {
            var numbers = new Numbers(row);
            var dys = numbers.Uniform(rows, columns);
            var ys = Naive.Relu(numbers.Uniform(rows, columns));
            var dy = InputOrOutput(run, dys, isInPlace);
            var dz = OutputFor(run, dy, rows * columns, isInPlace);
            var dbias = run.Output(columns);
            run.Backend.ReluBiasGradient(dz, dbias, dy, run.Input(ys), rows, columns);
            run.Expect(dz, () => Naive.ReluBiasGradient(dys, ys).Dz, Tolerance.Exact);
            run.Expect(dbias, () => Naive.ReluBiasGradient(dys, ys).Dbias, Tolerance.Sum(rows), Math.Sqrt(rows / 6.0));
        });
    }
}
