using NanoNet.Kernels;
using Xunit;

namespace NanoNet.Tests.Kernels;

public class SimdLossTests
{
    // Logits lie within 18 of each other: x − max rounds by up to 18 · 2⁻²⁴, which exp turns into a relative error; the
    // exponential, the division and the products round a few times more.
    private static readonly double Rounding = (18 + 6) * Math.Pow(2, -24);

    [Theory]
    [InlineData(1, 1)]
    [InlineData(32, 10)]
    [InlineData(3, 33)]
    [InlineData(2, 3001)]
    public void Softmax_and_its_gradient_equal_the_formulas(int rows, int columns)
    {
        using var rig = new SimdRig(threads: 2);
        var x = SimdRig.Random(rows * columns, seed: 1, low: -9, high: 9);
        var dy = SimdRig.Random(rows * columns, seed: 2);
        var y = rig.Output(x.Length);
        var dx = rig.Output(x.Length);
        rig.Engine.Softmax(y, rig.Floats(x), rows, columns);
        rig.Engine.SoftmaxGradient(dx, rig.Floats(dy), y, rows, columns);

        var gotY = rig.Read(y, x.Length);
        var gotDx = rig.Read(dx, x.Length);
        for (int row = 0; row < rows; row++)
        {
            var p = Probabilities(x.AsSpan(row * columns, columns));
            double dot = p.Select((v, c) => v * dy[(row * columns) + c]).Sum();
            for (int c = 0; c < columns; c++)
            {
                int i = (row * columns) + c;
                Assert.Equal(p[c], gotY[i], Rounding * p[c]);
                Assert.Equal(p[c] * (dy[i] - dot), gotDx[i], 4 * Rounding * p[c]);
            }
        }
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(32, 10)]
    [InlineData(3, 33)]
    [InlineData(2, 3001)]
    public void Cross_entropy_and_its_gradient_equal_the_formulas(int rows, int columns)
    {
        using var rig = new SimdRig(threads: 2);
        var x = SimdRig.Random(rows * columns, seed: 1, low: -9, high: 9);
        var t = SimdRig.Random(rows * columns, seed: 2, low: 0, high: 2);
        var indices = Enumerable.Range(0, rows).Select(r => r * 7 % columns).ToArray();
        var upstream = rig.Floats(3f);
        var logits = rig.Floats(x);
        foreach (var kind in new[] { TargetKind.ClassIndices, TargetKind.Distributions })
        {
            var targets = kind == TargetKind.ClassIndices ? rig.Ints(indices) : rig.Floats(t);
            var losses = rig.Output(rows);
            var dlogits = rig.Output(x.Length);
            rig.Engine.SoftmaxCrossEntropy(losses, logits, targets, kind, rows, columns);
            rig.Engine.SoftmaxCrossEntropyGradient(dlogits, upstream, logits, targets, kind, rows, columns);
            var gotLosses = rig.Read(losses, rows);
            var gotGradient = rig.Read(dlogits, x.Length);
            for (int row = 0; row < rows; row++)
            {
                var p = Probabilities(x.AsSpan(row * columns, columns));
                double At(int c) => kind == TargetKind.Distributions
                    ? t[(row * columns) + c]
                    : c == indices[row] ? 1 : 0;
                double total = Enumerable.Range(0, columns).Sum(At);
                double loss = -Enumerable.Range(0, columns).Sum(c => At(c) * Math.Log(p[c]));
                Assert.Equal(loss, gotLosses[row], Rounding * loss);
                for (int c = 0; c < columns; c++)
                {
                    double expected = 3.0 / rows * ((p[c] * total) - At(c));
                    Assert.Equal(expected, gotGradient[(row * columns) + c], Rounding * Math.Max(1, total) / rows);
                }
            }
        }
    }

    [Theory]
    [InlineData(TargetKind.ClassIndices)]
    [InlineData(TargetKind.Distributions)]
    public void A_saturated_softmax_keeps_loss_and_gradient_exact(TargetKind kind)
    {
        using var rig = new SimdRig();
        var logits = rig.Floats(0, 20, -3, 0, 80, 0);
        var targets = kind == TargetKind.ClassIndices ? rig.Ints(1, 2) : rig.Floats(0, 1, 0, 0, 0, 1);
        var losses = rig.Output(2);
        var dlogits = rig.Output(6);
        rig.Engine.SoftmaxCrossEntropy(losses, logits, targets, kind, 2, 3);
        rig.Engine.SoftmaxCrossEntropyGradient(dlogits, rig.Floats(2f), logits, targets, kind, 2, 3);

        double others = Math.Exp(-20) + Math.Exp(-23);
        var got = rig.Read(losses, 2);
        Assert.Equal(others, got[0], 1e-6 * others);
        Assert.Equal(80, got[1], 1e-5);
        var gradient = rig.Read(dlogits, 6);
        Assert.Equal(Math.Exp(-20), gradient[0], 1e-6 * Math.Exp(-20));
        Assert.Equal(-others, gradient[1], 1e-6 * others);
        Assert.Equal(Math.Exp(-80), gradient[3], 1e-6 * Math.Exp(-80));
        Assert.Equal(1, gradient[4], 1e-6);
        Assert.Equal(-1, gradient[5], 1e-6);
    }

    [Fact]
    public void A_loss_far_below_float_epsilon_keeps_its_digits()
    {
        using var rig = new SimdRig();
        var losses = rig.Output(1);
        rig.Engine.SoftmaxCrossEntropy(losses, rig.Floats(0, 70), rig.Ints(1), TargetKind.ClassIndices, 1, 2);
        Assert.Equal(Math.Exp(-70), rig.Read(losses, 1)[0], 1e-6 * Math.Exp(-70));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(9)]
    public void NaN_in_the_logits_makes_the_row_NaN(int place)
    {
        using var rig = new SimdRig();
        var x = SimdRig.Random(20, seed: 1);
        x[place] = float.NaN;
        var logits = rig.Floats(x);
        var losses = rig.Output(2);
        var y = rig.Output(20);
        rig.Engine.SoftmaxCrossEntropy(losses, logits, rig.Ints(3, 3), TargetKind.ClassIndices, 2, 10);
        rig.Engine.Softmax(y, logits, 2, 10);
        Assert.True(float.IsNaN(rig.Read(losses, 2)[0]));
        Assert.False(float.IsNaN(rig.Read(losses, 2)[1]));
        Assert.All(rig.Read(y, 10), v => Assert.True(float.IsNaN(v)));
    }

    [Fact]
    public void An_impossible_class_costs_infinity_unless_it_has_no_weight()
    {
        using var rig = new SimdRig();
        var logits = rig.Floats(0, float.NegativeInfinity, 0);
        var losses = rig.Output(1);
        rig.Engine.SoftmaxCrossEntropy(losses, logits, rig.Ints(1), TargetKind.ClassIndices, 1, 3);
        Assert.Equal(float.PositiveInfinity, rig.Read(losses, 1)[0]);
        rig.Engine.SoftmaxCrossEntropy(losses, logits, rig.Floats(1, 0, 0), TargetKind.Distributions, 1, 3);
        Assert.Equal(MathF.Log(2), rig.Read(losses, 1)[0], 1e-7f);
    }

    [Theory]
    [InlineData(TargetKind.ClassIndices)]
    [InlineData(TargetKind.Distributions)]
    public void Metrics_add_losses_to_nearly_double_precision_and_count_first_largest(TargetKind kind)
    {
        using var rig = new SimdRig();
        const int rows = 1000;
        var scores = SimdRig.Random(rows * 10, seed: 1).Select(v => MathF.Round(v)).ToArray();
        var labels = Enumerable.Range(0, rows).Select(r => r % 10).ToArray();
        var oneHot = labels.SelectMany(label => Enumerable.Range(0, 10).Select(c => c == label ? 1f : 0)).ToArray();
        var lossValues = SimdRig.Random(rows, seed: 2, low: 0, high: 3);
        var metrics = rig.Floats(0, 0, 0, 0);
        var targets = kind == TargetKind.ClassIndices ? rig.Ints(labels) : rig.Floats(oneHot);
        for (int batch = 0; batch < 60; batch++)
        {
            rig.Engine.AccumulateMetrics(metrics, rig.Floats(lossValues), rig.Floats(scores), targets, kind, rows, 10);
        }

        var totals = new MetricTotals[1];
        rig.Engine.Download(totals.AsSpan(), metrics);
        int correct = scores.Chunk(10).Zip(labels).Count(row => Array.IndexOf(row.First, row.First.Max()) == row.Second);
        double mean = lossValues.Average(v => (double)v);
        Assert.Equal(60 * rows, totals[0].Rows);
        Assert.Equal(60 * correct, totals[0].Correct);
        Assert.Equal(mean, totals[0].Loss, 1e-11 * mean);
    }

    private static double[] Probabilities(ReadOnlySpan<float> x)
    {
        var values = x.ToArray();
        double max = values.Max();
        double sum = values.Sum(v => Math.Exp(v - max));
        return values.Select(v => Math.Exp(v - max) / sum).ToArray();
    }
}
