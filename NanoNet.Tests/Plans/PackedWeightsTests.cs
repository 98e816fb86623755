using NanoNet.Kernels;
using NanoNet.Kernels.Geometry;
using NanoNet.Kernels.Memory;
using NanoNet.Kernels.Plans;
using NanoNet.Tests.Checking;
using NanoNet.Tests.Kernels;
using Xunit;

namespace NanoNet.Tests.Plans;

/// <summary>Weights that are said to stay as they are get packed once, and the products have the same bits.</summary>
public sealed class PackedWeightsTests
{
    public static TheoryData<int, int, int, bool, bool> Products => new()
    {
        { 97, 33, 51, false, false },
        { 130, 1029, 515, false, false },
        { 101, 2077, 1030, false, false },
        { 101, 40, 1030, true, true },
        { 128, 10, 64, false, true },
    };

    public static TheoryData<int, int, int, int, int> Convolutions => new()
    {
        { 5, 14, 14, 64, 48 },
        { 17, 7, 7, 48, 32 },
        { 4, 17, 13, 32, 144 },
    };

    [Theory]
    [MemberData(nameof(Products))]
    public void Of_a_matrix_product(int m, int n, int k, bool transposeA, bool transposeB)
    {
        using var rig = new SimdRig(threads: 2);
        var geometry = new MatMulGeometry(m, n, k, transposeA, transposeB);
        var a = rig.Floats(SimdRig.Random(m * k, seed: 1));
        var b = rig.Floats(SimdRig.Random(k * n, seed: 2));
        var bias = rig.Floats(SimdRig.Random(n, seed: 3));
        var c = rig.Output(m * n);
        rig.Engine.MatMul(c, a, b, bias, geometry, Activation.Relu);
        float[] expected = rig.Read(c, m * n);
        rig.Engine.Fill(c, float.NaN, m * n);

        using var recorder = new CallRecorder(rig.Engine);
        recorder.MatMul(c, a, b, bias, geometry, Activation.Relu);
        using var plan = recorder.ToPlan(constants: [b]);
        Assert.Empty(plan.Calls.OfType<MatMulCall>());
        RunWithoutWeights(rig, plan, b, k * n);
        Check.SameBits<float>("c", expected, rig.Read(c, m * n));
    }

    [Theory]
    [MemberData(nameof(Convolutions))]
    public void Of_a_convolution(int batch, int height, int width, int channels, int filters)
    {
        using var rig = new SimdRig(threads: 2);
        var geometry = Conv2DGeometry.Create(batch, height, width, channels, filters, 3, 3, 1, 1, Padding.Same);
        var x = rig.Floats(SimdRig.Random(batch * height * width * channels, seed: 1));
        var filter = rig.Floats(SimdRig.Random(9 * channels * filters, seed: 2));
        var bias = rig.Floats(SimdRig.Random(filters, seed: 3));
        int count = batch * height * width * filters;
        var y = rig.Output(count);
        rig.Engine.Conv2D(y, x, filter, bias, geometry, Activation.Relu);
        float[] expected = rig.Read(y, count);
        rig.Engine.Fill(y, float.NaN, count);

        using var recorder = new CallRecorder(rig.Engine);
        recorder.Conv2D(y, x, filter, bias, geometry, Activation.Relu);
        using var plan = recorder.ToPlan(constants: [filter]);
        Assert.Empty(plan.Calls.OfType<Conv2DCall>());
        RunWithoutWeights(rig, plan, filter, 9 * channels * filters);
        Check.SameBits<float>("y", expected, rig.Read(y, count));
    }

    [Fact]
    public void Weights_that_nobody_called_constant_are_read_every_time()
    {
        using var rig = new SimdRig();
        var geometry = new MatMulGeometry(100, 20, 30, false, false);
        var a = rig.Floats(SimdRig.Random(3000, seed: 1));
        var b = rig.Floats(SimdRig.Random(600, seed: 2));
        var c = rig.Output(2000);
        using var recorder = new CallRecorder(rig.Engine);
        recorder.MatMul(c, a, b, null, geometry, Activation.None);
        using var plan = recorder.ToPlan(constants: [a]);
        rig.Engine.Fill(b, 0, 600);
        plan.Run();
        Assert.All(rig.Read(c, 2000), value => Assert.Equal(0, value));
    }

    // Were the weights read again, the result would be zeros.
    private static void RunWithoutWeights(SimdRig rig, StepPlan plan, DeviceBuffer weights, int count)
    {
        rig.Engine.Fill(weights, 0, count);
        plan.Run();
    }
}
