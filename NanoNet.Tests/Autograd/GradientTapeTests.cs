using NanoNet.Core.Autograd;
using NanoNet.Core.Errors;
using NanoNet.Core.Layers;
using NanoNet.Core.Models;
using NanoNet.Core.Ops;
using NanoNet.Core.Optimizers;
using NanoNet.Core.Tensors;
using NanoNet.Tests.Checking;
using Xunit;

namespace NanoNet.Tests.Autograd;

/// <summary>What a tape records, and what it brings back.</summary>
public sealed class GradientTapeTests
{
    private static Device Device => Engines.Simd.Device;

    [Fact]
    public void Gradients_accumulate_over_every_use()
    {
        using var tape = new GradientTape();
        var x = tape.Watch(Tensor.From(Device, [1, 2, 3], new(3)));

        // x² + 2x + x/x, whose derivative is 2x + 2.
        var y = ((x * x) + (x * 2) + (x / x)).Sum();
        Assert.Equal([4, 6, 8], tape.Gradient(y, [x])[0].ToArray(), Near);
    }

    [Fact]
    public void Walking_back_twice_gives_the_same_and_adds_nothing()
    {
        using var tape = new GradientTape();
        var x = tape.Watch(Tensor.From(Device, [1, 2], new(2)));
        var y = (x * x).Sum();
        Assert.Equal([2, 4], tape.Gradient(y, [x])[0].ToArray());
        Assert.Equal([2, 4], tape.Gradient(y, [x])[0].ToArray());
    }

    [Fact]
    public void Two_targets_can_be_asked_for_on_one_tape()
    {
        using var tape = new GradientTape();
        var x = tape.Watch(Tensor.From(Device, [3], new(1)));
        var square = x * x;
        var cube = square * x;
        Assert.Equal([6], tape.Gradient(square, [x])[0].ToArray());
        Assert.Equal([27], tape.Gradient(cube, [x])[0].ToArray());
    }

    [Fact]
    public void What_is_not_watched_has_no_gradient()
    {
        using var tape = new GradientTape();
        var x = tape.Watch(Tensor.From(Device, [1, 2], new(2)));
        var constant = Tensor.From(Device, [5, 6], new(2));
        var y = (x * constant).Sum();
        var gradients = tape.Gradient(y, [x, constant]);
        Assert.Equal([5, 6], gradients[0].ToArray());
        Assert.Equal([0, 0], gradients[1].ToArray());
    }

    [Fact]
    public void Sources_that_the_target_does_not_depend_on_get_zeros_of_their_shape()
    {
        using var tape = new GradientTape();
        var x = tape.Watch(Tensor.Ones(Device, new(2)));
        var other = tape.Watch(Tensor.Ones(Device, new(3, 1)));
        var gradient = tape.Gradient(x.Sum(), [other])[0];
        Assert.Equal(new Shape(3, 1), gradient.Shape);
        Assert.Equal([0, 0, 0], gradient.ToArray());
    }

    [Fact]
    public void A_target_that_is_its_own_source_has_the_upstream_gradient()
    {
        using var tape = new GradientTape();
        var x = tape.Watch(Tensor.Ones(Device, new(2)));
        var upstream = Tensor.From(Device, [7, 8], new(2));
        Assert.Equal([7, 8], tape.Gradient(x, [x], upstream)[0].ToArray());
    }

    [Fact]
    public void A_scope_inside_the_tape_may_end_before_the_walk_back()
    {
        using var tape = new GradientTape();
        var x = tape.Watch(Tensor.From(Device, [2, 3], new(2)));
        Tensor y;
        using (var scope = new TensorScope())
        {
            var square = x * x;
            y = scope.Keep((square * square).Sum());
        }

        Assert.Equal([32, 108], tape.Gradient(y, [x])[0].ToArray());
    }

    [Fact]
    public void Gradients_end_with_the_tape_unless_kept()
    {
        long before = Device.LiveBytes;
        Tensor kept, lost;
        using (var tape = new GradientTape())
        {
            var x = tape.Watch(Tensor.From(Device, [2, 3], new(2)));
            var y = (x * x).Sum();
            kept = tape.Keep(tape.Gradient(y, [x])[0]);
            lost = tape.Gradient(y, [x])[0];
        }

        Assert.Equal([4, 6], kept.ToArray());
        Assert.Throws<ObjectDisposedException>(() => lost.ToArray());
        kept.Dispose();
        Assert.Equal(before, Device.LiveBytes);
    }

    [Fact]
    public void A_tape_that_has_ended_says_so()
    {
        using var scope = new TensorScope();
        var x = Tensor.Ones(Device, new(1));
        var tape = new GradientTape();
        tape.Watch(x);
        tape.Dispose();
        Assert.Throws<ObjectDisposedException>(() => tape.Gradient(x, [x]));
    }

    [Fact]
    public void A_target_of_many_elements_needs_an_upstream_gradient()
    {
        using var tape = new GradientTape();
        var x = tape.Watch(Tensor.Ones(Device, new(2, 3)));
        var y = x * 2;
        var failure = Assert.Throws<ShapeException>(() => tape.Gradient(y, [x]));
        Assert.Equal("GradientTape.Gradient: expected a target of one element, got shape (2, 3). "
            + "Reduce it with Sum() or Mean(), or pass an upstream gradient.", failure.Message);
        failure = Assert.Throws<ShapeException>(() => tape.Gradient(y, [x], Tensor.Ones(Device, new(3))));
        Assert.Equal("GradientTape.Gradient: expected an upstream gradient of shape (2, 3), got (3,).", failure.Message);
    }

    [Fact]
    public void Nothing_is_recorded_without_a_tape()
    {
        using var scope = new TensorScope();
        Assert.False(GradientTape.IsRecording);
        var y = Tensor.Ones(Device, new(2)) * 2;
        Assert.Null(y.Tape);
    }

    // The loop of one's own that GradientTape's documentation shows.
    [Fact]
    public void A_training_loop_of_ones_own_learns()
    {
        using var scope = new TensorScope();
        using var model = new Sequential("Own loop", Device, new Shape(2),
            [new Dense(8, ActivationFunction.Relu), new Dense(2, ActivationFunction.Softmax)]);
        using var optimizer = new Sgd(0.5f, momentum: 0.9f);
        var x = Tensor.From(Device, [0, 0, 0, 1, 1, 0, 1, 1], new(4, 2));
        var labels = Tensor.FromLabels(Device, [0, 0, 0, 1]);
        var losses = new List<float>();
        for (int step = 0; step < 60; step++)
        {
            using var tape = new GradientTape();
            var loss = Op.SoftmaxCrossEntropy(model.Logits(x, training: true), labels);
            optimizer.Apply(model.Parameters, tape.Gradient(loss, model.Parameters));
            losses.Add(loss.Item());
        }

        Assert.True(losses[^1] < 0.1 * losses[0], $"the loss went from {losses[0]} to {losses[^1]}");
        Assert.Equal([0, 0, 0, 1], model.Forward(x).ArgMax().ToLabels());
        Assert.Equal(60, optimizer.Iterations);
    }

    private static bool Near(float expected, float actual) => Math.Abs(expected - actual) < 1e-5;
}
