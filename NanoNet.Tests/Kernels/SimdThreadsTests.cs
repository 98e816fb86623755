using System.Runtime.InteropServices;
using NanoNet.Kernels;
using NanoNet.Kernels.Formulas;
using NanoNet.Kernels.Geometry;
using NanoNet.Kernels.Memory;
using NanoNet.Kernels.Random;
using Xunit;

namespace NanoNet.Tests.Kernels;

/// <summary>One, two, three and four threads compute the same bits: work is cut by geometry alone.</summary>
public class SimdThreadsTests
{
    [Fact]
    public void Elementwise() => SameBits(100_003, (rig, y) =>
    {
        var x = rig.Floats(SimdRig.Random(100_003, seed: 1));
        rig.Engine.Unary<Exp>(y, x, 100_003);
        rig.Engine.UnaryGradient<Exp>(y, y, x, x, 100_003);
    });

    [Theory]
    [InlineData(1, 200_003)]
    [InlineData(3001, 65)]
    [InlineData(40_001, 3)]
    public void Broadcast(int rows, int columns) => SameBits(rows * columns, (rig, y) =>
    {
        var a = rig.Floats(SimdRig.Random(rows * columns, seed: 1));
        var b = rig.Floats(SimdRig.Random(columns, seed: 2));
        rig.Engine.Binary<Divide>(y, a, b, BroadcastGeometry.Create([rows, columns], [columns]));
    });

    [Theory]
    [InlineData(1, 300_007, 1)]
    [InlineData(5, 70_001, 1)]
    [InlineData(1, 25_088, 64)]
    [InlineData(7, 999, 33)]
    [InlineData(2, 50, 9001)]
    public void Sums(int outer, int count, int inner) => SameBits(outer * inner, (rig, y) =>
    {
        var x = rig.Floats(SimdRig.Random(outer * count * inner, seed: 1));
        rig.Engine.ReduceSum(y, x, new ReduceGeometry(outer, count, inner), 1 / 3f);
    });

    [Theory]
    [InlineData(25_088, 64)]
    [InlineData(1571, 129)]
    public void Bias_gradient(int rows, int columns) => SameBits(columns, (rig, dbias) =>
    {
        var dy = rig.Floats(SimdRig.Random(rows * columns, seed: 1));
        var y = rig.Floats(SimdRig.Random(rows * columns, seed: 2));
        rig.Engine.ReluBiasGradient(dy, dbias, dy, y, rows, columns);
    });

    [Theory]
    [InlineData(2, 2)]
    [InlineData(3, 1)]
    public void Max_pool(int pool, int stride)
    {
        var g = Pool2DGeometry.Create(5, 29, 27, 33, pool, pool, stride, stride, Padding.Same);
        SameBits(g.InputCount, (rig, dx) =>
        {
            var y = rig.Output(g.OutputCount);
            var argmax = rig.Output(g.OutputCount);
            rig.Engine.MaxPool2D(y, argmax, rig.Floats(SimdRig.Random(g.InputCount, seed: 1)), g);
            rig.Engine.MaxPool2DGradient(dx, rig.Floats(SimdRig.Random(g.OutputCount, seed: 2)), argmax, g);
        });
    }

    [Fact]
    public void Softmax_and_loss() => SameBits(999 * 33, (rig, y) =>
    {
        var x = rig.Floats(SimdRig.Random(999 * 33, seed: 1));
        var targets = rig.Ints(Enumerable.Range(0, 999).Select(r => r % 33).ToArray());
        rig.Engine.SoftmaxCrossEntropyGradient(y, rig.Floats(1), x, targets, TargetKind.ClassIndices, 999, 33);
        rig.Engine.Softmax(x, x, 999, 33);
        rig.Engine.SoftmaxGradient(y, y, x, 999, 33);
        var losses = rig.Output(999);
        rig.Engine.SoftmaxCrossEntropy(losses, y, targets, TargetKind.ClassIndices, 999, 33);
        rig.Engine.Copy(y, losses, 999 * sizeof(float));
    });

    [Fact]
    public void Dropout_and_update() => SameBits(333 * 129, (rig, w) =>
    {
        var g = rig.Floats(SimdRig.Random(333 * 129, seed: 1));
        var mask = new DropoutMask(0.5f, 1, 2, 3, new StepClock { Step = 4 });
        rig.Engine.Fill(w, 1, 333 * 129);
        rig.Engine.Dropout(g, g, mask, 333, 129);
        rig.Engine.SgdUpdate(w, g, null, 0.01f, 0, false, 333 * 129);
    });

    private static void SameBits(int count, Action<SimdRig, DeviceBuffer> operation)
    {
        uint[] Compute(int threads)
        {
            using var rig = new SimdRig(threads);
            var output = rig.Output(count);
            operation(rig, output);
            return MemoryMarshal.Cast<float, uint>(rig.Read(output, count)).ToArray();
        }

        var expected = Compute(1);
        Assert.Equal(expected, Compute(2));
        Assert.Equal(expected, Compute(3));
        Assert.Equal(expected, Compute(4));
    }
}
