using NanoNet.Kernels;
using NanoNet.Kernels.Formulas;
using NanoNet.Kernels.Geometry;
using Xunit;

namespace NanoNet.Tests.Kernels;

public class SimdElementwiseTests
{
    public static TheoryData<int> Sizes => [.. SimdRig.OddSizes, 16_385, 40_000];

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Vector_and_scalar_forms_of_a_formula_agree(int count)
    {
        Agree<Relu>(count);
        Agree<Sigmoid>(count);
        Agree<Exp>(count);
        Agree<Log>(count, low: 0.01);
        Agree<Sqrt>(count, low: 0.01);
        Agree<Square>(count);
        AgreeBinary<Add>(count);
        AgreeBinary<Subtract>(count);
        AgreeBinary<Multiply>(count);
        AgreeBinary<Divide>(count);
        AgreeBinary<Maximum>(count);
        AgreeBinary<Minimum>(count);
        AgreeBinary<EqualTo>(count);
        AgreeBinary<GreaterThan>(count);
    }

    /// <summary>
    /// Where an element stands, and so whether it belongs to a full vector or to the rest, must not show in its bits.
    /// </summary>
    [Fact]
    public void An_element_has_the_same_bits_at_every_place()
    {
        using var rig = new SimdRig();
        float[] values = [0.3f, -1.7f, 12.25f, -20f];
        foreach (float value in values)
        {
            var x = new float[29];
            Array.Fill(x, value);
            var y = rig.Output(x.Length);
            rig.Engine.Unary<Exp>(y, rig.Floats(x), x.Length);
            Assert.Single(rig.Read(y, x.Length).Distinct());
            rig.Engine.Unary<Sigmoid>(y, rig.Floats(x), x.Length);
            Assert.Single(rig.Read(y, x.Length).Distinct());
        }
    }

    [Fact]
    public void NaN_passes_through_relu_maximum_and_minimum()
    {
        Assert.True(float.IsNaN(Relu.Apply(float.NaN)));
        Assert.True(float.IsNaN(Maximum.Apply(float.NaN, 1)) && float.IsNaN(Maximum.Apply(1, float.NaN)));
        Assert.True(float.IsNaN(Minimum.Apply(float.NaN, 1)) && float.IsNaN(Minimum.Apply(1, float.NaN)));
        using var rig = new SimdRig();
        var nan = rig.Output(9);
        var ones = rig.Floats(1, 1, 1, 1, 1, 1, 1, 1, 1);
        var y = rig.Output(9);
        void AllNaN()
        {
            Assert.All(rig.Read(y, 9), v => Assert.True(float.IsNaN(v)));
            rig.Engine.Fill(y, 0, 9);
        }

        rig.Engine.Unary<Relu>(y, nan, 9);
        AllNaN();
        rig.Engine.Binary<Maximum>(y, nan, ones, BroadcastGeometry.Elementwise(9));
        AllNaN();
        rig.Engine.Binary<Minimum>(y, ones, nan, BroadcastGeometry.Elementwise(9));
        AllNaN();
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Affine_fill_and_copy(int count)
    {
        using var rig = new SimdRig(threads: 2);
        var x = SimdRig.Random(count, seed: 3);
        var input = rig.Floats(x);
        var y = rig.Output(count);
        rig.Engine.Affine(y, input, 3, -1, count);
        Assert.Equal(x.Select(v => (v * 3) + -1), rig.Read(y, count));
        rig.Engine.Copy(y, input, count * 4L);
        Assert.Equal(x, rig.Read(y, count));
        rig.Engine.Fill(y, 2.5f, count);
        Assert.All(rig.Read(y, count), v => Assert.Equal(2.5f, v));
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Sgd_updates_follow_Keras(int count)
    {
        using var rig = new SimdRig(threads: 2);
        var w = SimdRig.Random(count, seed: 1);
        var g = SimdRig.Random(count, seed: 2);
        var v = SimdRig.Random(count, seed: 3);
        const float rate = 0.01f;
        const float momentum = 0.9f;
        var parameter = rig.Floats(w);
        rig.Engine.SgdUpdate(parameter, rig.Floats(g), null, rate, 0, false, count);
        Assert.Equal(w.Zip(g, (a, b) => a - (rate * b)), rig.Read(parameter, count));

        var moved = v.Zip(g, (a, b) => (momentum * a) - (rate * b)).ToArray();
        foreach (bool nesterov in new[] { false, true })
        {
            parameter = rig.Floats(w);
            var velocity = rig.Floats(v);
            rig.Engine.SgdUpdate(parameter, rig.Floats(g), velocity, rate, momentum, nesterov, count);
            Assert.Equal(moved, rig.Read(velocity, count));
            var step = nesterov ? moved.Zip(g, (a, b) => (momentum * a) - (rate * b)).ToArray() : moved;
            Assert.Equal(w.Zip(step, (a, b) => a + b), rig.Read(parameter, count));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(33)]
    [InlineData(784)]
    public void Gather_picks_converts_and_scales_rows(int columns)
    {
        using var rig = new SimdRig(threads: 2);
        const int rows = 37;
        var bytes = new byte[50 * columns];
        new Random(1).NextBytes(bytes);
        var floats = SimdRig.Random(bytes.Length, seed: 2);
        var ints = bytes.Select(b => b * 1_000_003).ToArray();
        var order = Enumerable.Range(0, 60).Select(i => i * 7 % 50).ToArray();
        var indices = rig.Ints(order);
        var clock = new StepClock { Start = 11 };
        IEnumerable<T> Picked<T>(T[] source) => Enumerable.Range(0, rows * columns)
            .Select(i => source[(order[11 + (i / columns)] * columns) + (i % columns)]);

        var y = rig.Output(rows * columns);
        rig.Engine.Gather(y, rig.Bytes(bytes), indices, new(rows, columns, ElementType.UInt8, 1f / 255), clock);
        Assert.Equal(Picked(bytes).Select(v => v * (1f / 255)), rig.Read(y, rows * columns));
        rig.Engine.Gather(y, rig.Floats(floats), indices, new(rows, columns, ElementType.Float32, 0.5f), clock);
        Assert.Equal(Picked(floats).Select(v => v * 0.5f), rig.Read(y, rows * columns));
        rig.Engine.Gather(y, rig.Ints(ints), indices, new(rows, columns, ElementType.Int32, 9f), clock);
        Assert.Equal(Picked(ints), rig.ReadInts(y, rows * columns));
    }

    [Fact]
    public void The_device_says_what_it_is()
    {
        using var rig = new SimdRig(threads: 3);
        Assert.Equal(DeviceKind.Cpu, rig.Engine.Device.Kind);
        Assert.NotEmpty(rig.Engine.Device.Name);
        Assert.EndsWith(", 3 threads", rig.Engine.Device.Description, StringComparison.Ordinal);
    }

    // Exp and log may differ in the last place or two between the runtime's scalar and vector versions.
    private static void Agree<TFormula>(int count, double low = -3) where TFormula : struct, IUnaryFormula
    {
        using var rig = new SimdRig(threads: 2);
        var x = SimdRig.Random(count, seed: 1, low);
        var dy = SimdRig.Random(count, seed: 2);
        var y = rig.Output(count);
        var dx = rig.Output(count);
        var input = rig.Floats(x);
        rig.Engine.Unary<TFormula>(y, input, count);
        rig.Engine.UnaryGradient<TFormula>(dx, rig.Floats(dy), input, y, count);
        var gotY = rig.Read(y, count);
        var gotDx = rig.Read(dx, count);
        for (int i = 0; i < count; i++)
        {
            float expected = TFormula.Apply(x[i]);
            Assert.Equal(expected, gotY[i], 3e-7f * Math.Abs(expected) + 1e-12f);
            float slope = dy[i] * TFormula.Derivative(x[i], gotY[i]);
            Assert.Equal(slope, gotDx[i], 3e-7f * Math.Abs(slope) + 1e-12f);
        }
    }

    private static void AgreeBinary<TFormula>(int count) where TFormula : struct, IBinaryFormula
    {
        using var rig = new SimdRig(threads: 2);
        var a = SimdRig.Random(count, seed: 1).Select(v => MathF.Round(v, 1)).ToArray();
        var b = SimdRig.Random(count, seed: 2).Select(v => MathF.Round(v, 1)).ToArray();
        var y = rig.Output(count);
        rig.Engine.Binary<TFormula>(y, rig.Floats(a), rig.Floats(b), BroadcastGeometry.Elementwise(count));
        Assert.Equal(a.Zip(b, TFormula.Apply), rig.Read(y, count));
    }
}
