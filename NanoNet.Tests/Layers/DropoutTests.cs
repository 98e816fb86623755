using NanoNet.Core.Autograd;
using NanoNet.Core.Layers;
using NanoNet.Core.Models;
using NanoNet.Core.Ops;
using NanoNet.Core.Randomness;
using NanoNet.Core.Tensors;
using NanoNet.Kernels;
using NanoNet.Kernels.Random;
using NanoNet.Tests.Checking;
using NanoNet.Tests.Reference;
using Xunit;

namespace NanoNet.Tests.Layers;

/// <summary>Dropout: how many it drops, what it does to the rest, and that masks are drawn anew where they should be and only there.</summary>
public sealed class DropoutTests
{
    private const int Rows = 64;
    private const int Columns = 1000;
    private const double Count = Rows * Columns;

    private static Device Device => Engines.Simd.Device;

    public static TheoryData<string> EngineNames => [.. Engines.ForTraining.Select(engine => engine.Name)];

    [Theory]
    [InlineData(0.1f)]
    [InlineData(0.2f)]
    [InlineData(0.5f)]
    [InlineData(0.9f)]
    public void Drops_the_rate_within_four_sigma_and_scales_the_rest(float rate)
    {
        float[] y = Drop(Device, MaskOf(rate));
        double dropped = y.Count(value => value == 0) / Count;
        Assert.Equal(rate, dropped, 4 * Math.Sqrt(rate * (1 - rate) / Count));
        Assert.All(y.Where(value => value != 0), value => Assert.Equal(1 / (1 - rate), value));

        // So the expected value stays.
        Assert.Equal(1, y.Average(), 4 * Math.Sqrt(rate / (1 - rate) / Count));
    }

    [Theory]
    [InlineData(1, 0, 0)]
    [InlineData(0, 1, 0)]
    [InlineData(0, 0, 1)]
    public void Each_layer_each_step_and_each_epoch_has_a_mask_of_its_own(int layer, int step, int epoch)
    {
        float[] first = Drop(Device, MaskOf(0.5f));
        float[] second = Drop(Device, MaskOf(0.5f, layer, step, epoch));

        // Independent masks agree at half of the places.
        double agreement = first.Zip(second).Count(pair => pair.First == pair.Second) / Count;
        Assert.Equal(0.5, agreement, 4 * Math.Sqrt(0.25 / Count));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(Columns)]
    public void Neighbours_are_independent(int distance)
    {
        float[] y = Drop(Device, MaskOf(0.5f));
        double agreement = y.Skip(distance).Zip(y).Count(pair => pair.First == pair.Second) / (Count - distance);
        Assert.Equal(0.5, agreement, 4 * Math.Sqrt(0.25 / (Count - distance)));
    }

    [Fact]
    public void A_row_s_mask_does_not_depend_on_the_size_of_the_batch()
    {
        float[] whole = Drop(Device, MaskOf(0.5f));
        float[] part = Drop(Device, MaskOf(0.5f), rows: 7);
        Assert.Equal(whole[..part.Length], part);
    }

    [Theory]
    [EngineTest]
    [MemberData(nameof(EngineNames))]
    public void Every_engine_draws_the_mask_of_the_definition(string engine)
    {
        float[] y = Drop(Engines.Get(engine).Device, MaskOf(0.3f, 5, 123, 7));
        for (int i = 0; i < y.Length; i++)
        {
            bool isKept = Naive.IsKept(0.3f, [11, 22], 5, 7, 123, i / Columns, i % Columns);
            Assert.True(isKept == (y[i] != 0), $"element {i} on {engine}: expected {(isKept ? "kept" : "dropped")}");
        }
    }

    [Theory]
    [EngineTest]
    [MemberData(nameof(EngineNames))]
    public void The_backward_pass_uses_the_forward_mask(string engine)
    {
        var device = Engines.Get(engine).Device;
        using var tape = new GradientTape();
        var x = tape.Watch(Tensor.Ones(device, new(Rows, Columns)));
        var y = Op.Dropout(x, MaskOf(0.5f));
        var gradient = tape.Gradient(y, [x], Tensor.Full(device, 3, y.Shape))[0];
        Assert.Equal(Array.ConvertAll(y.ToArray(), value => 3 * value), gradient.ToArray());
    }

    [Fact]
    public void The_layer_is_on_in_training_and_off_otherwise()
    {
        using var scope = new TensorScope();
        using var model = new Sequential("Dropout", Device, new Shape(Columns), [new Dropout(0.2f), new Dropout(0.5f)], seed: 9);
        var x = Tensor.Ones(Device, new(Rows, Columns));
        Assert.Equal(x.ToArray(), model.Forward(x).ToArray());

        // Every training pass is a step; two layers in a row drop independently of each other.
        float[] first = model.Forward(x, training: true).ToArray();
        float[] second = model.Forward(x, training: true).ToArray();
        Assert.NotEqual(first, second);
        Assert.Equal(0.4, first.Count(value => value != 0) / Count, 4 * Math.Sqrt(0.24 / Count));
        Assert.Equal(2, model.Clock.Step);

        var key = RandomKey.For(9, RandomPurpose.Dropout, "Dropout");
        uint[] words = [key.Key0, key.Key1];
        var expected = Naive.Dropout(Naive.Dropout(NdArray.From([Rows, Columns], x.ToArray()), 0.2f, words, 0, 0, 2), 0.5f, words, 1, 0, 2);
        Check.Close("two layers of dropout", expected, second, Tolerance.Rounded(4));
    }

    [Fact]
    public void A_rate_of_zero_passes_everything_on()
    {
        using var scope = new TensorScope();
        using var model = new Sequential("No dropout", Device, new Shape(Columns), [new Dropout(0)]);
        var x = Tensor.Ones(Device, new(Rows, Columns));
        Assert.Equal(x.ToArray(), model.Forward(x, training: true).ToArray());
    }

    private static DropoutMask MaskOf(float rate, int layer = 0, int step = 0, int epoch = 0) =>
        new(rate, 11, 22, layer, new StepClock { Step = step, Epoch = epoch });

    // What becomes of ones.
    private static float[] Drop(Device device, DropoutMask mask, int rows = Rows)
    {
        using var scope = new TensorScope();
        return Op.Dropout(Tensor.Ones(device, new(rows, Columns)), mask).ToArray();
    }
}
