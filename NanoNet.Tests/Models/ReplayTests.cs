using NanoNet.Core.Layers;
using NanoNet.Core.Models;
using NanoNet.Core.Optimizers;
using NanoNet.Core.Tensors;
using NanoNet.Core.Training;
using NanoNet.Kernels.Geometry;
using NanoNet.Kernels.Plans;
using NanoNet.Tests.Checking;
using NanoNet.Tests.Reference;
using Xunit;

namespace NanoNet.Tests.Models;

/// <summary>
/// <c>Fit</c>, <c>Evaluate</c> and <c>Predict</c> replay recorded steps. What comes of it is what came of doing them
/// one by one: a layer that forbids replaying makes the other half of the comparison.
/// </summary>
/// <remarks>
/// To the bit; but for rounding on engines that fuse calls, where some sums run in another order.
/// </remarks>
public sealed class ReplayTests
{
    private const int Count = 37;

    // The longest training has fifteen steps, and in each a parameter's gradient and the parameter are rounded anew.
    private static readonly Tolerance s_rounded = Tolerance.Rounded(2 * 15);

    private static readonly Shape s_shape = new(8, 8, 2);

    public static TheoryData<string> EngineNames => [.. Engines.ForTraining.Select(engine => engine.Name)];

    [Theory]
    [EngineTest]
    [MemberData(nameof(EngineNames))]
    public void Replayed_and_done_step_by_step_are_the_same(string engine)
    {
        var device = Engines.Get(engine).Device;
        using var examples = TinyModel.Examples(device, Count, s_shape);
        using var validation = TinyModel.Examples(device, 11, s_shape);
        using var replayed = Create(device, new Witness(canReplay: true));
        using var eager = Create(device, new Witness(canReplay: false));
        var options = new FitOptions { Epochs = 3, BatchSize = 8, Validation = validation };
        var (a, b) = (replayed.Fit(examples, options), eager.Fit(examples, options));
        AssertSame(device, "loss", [.. b.Loss], [.. a.Loss]);
        AssertSame(device, "validation loss", [.. b.ValLoss], [.. a.ValLoss]);
        Assert.Equal(15, replayed.Optimizer!.Iterations);
        Assert.Equal(15, eager.Optimizer!.Iterations);
        AssertSame(eager, replayed);
        AssertSame(device, "predictions", eager.Predict(examples, 8), replayed.Predict(examples, 8));
        AssertSame(device, "logits", eager.PredictLogits(examples, 8), replayed.PredictLogits(examples, 8));
        var (expected, actual) = (eager.Evaluate(examples, 8), replayed.Evaluate(examples, 8));
        AssertSame(device, "evaluation", [expected.Loss], [actual.Loss]);
        Assert.Equal(expected.Accuracy, actual.Accuracy);
    }

    [Fact]
    public void A_step_is_recorded_once_for_each_batch_size_and_else_done_every_time()
    {
        var device = Engines.Simd.Device;
        using var examples = TinyModel.Examples(device, Count, s_shape);
        var (recorded, always) = (new Witness(canReplay: true), new Witness(canReplay: false));
        using var replayed = Create(device, recorded);
        using var eager = Create(device, always);
        var options = new FitOptions { Epochs = 3, BatchSize = 8 };
        replayed.Fit(examples, options);
        eager.Fit(examples, options);
        Assert.Equal(2, recorded.Passes);
        Assert.Equal(15, always.Passes);
    }

    // Weights that were set and optimizers that were changed between two steps are those of the next step.
    [Theory]
    [EngineTest]
    [MemberData(nameof(EngineNames))]
    public void What_changes_between_steps_is_seen(string engine)
    {
        var device = Engines.Get(engine).Device;
        using var examples = TinyModel.Examples(device, Count, s_shape);
        using var replayed = Create(device, new Witness(canReplay: true));
        using var eager = Create(device, new Witness(canReplay: false));
        foreach (var model in new[] { replayed, eager })
        {
            model.Fit(examples, new FitOptions { Epochs = 2, BatchSize = 8, ReportEvery = TimeSpan.Zero, Progress = new Meddler(model) });
        }

        AssertSame(eager, replayed);
    }

    [Fact]
    public void An_optimizer_that_does_not_say_so_is_not_replayed()
    {
        var device = Engines.Simd.Device;
        using var examples = TinyModel.Examples(device, 12);
        using var model = new Sequential("Own optimizer", device, new Shape(TinyModel.Features), [new Dense(3, ActivationFunction.Softmax)]);
        float[] before = model.GetWeights()[1];
        model.Compile(new CountingOptimizer());
        model.Fit(examples, new FitOptions { Epochs = 2, BatchSize = 4 });

        // The n-th step adds n: 1 + 2 + … + 6.
        Assert.All(model.GetWeights()[1].Zip(before), pair => Assert.Equal(21, pair.First - pair.Second));
    }

    [Fact]
    public void A_layer_that_reads_tensors_may_not_say_that_it_can_be_replayed()
    {
        var device = Engines.Simd.Device;
        using var examples = TinyModel.Examples(device, Count, s_shape);
        using var model = Create(device, new Witness(canReplay: true) { Reads = true });
        using var honest = Create(device, new Witness(canReplay: false) { Reads = true });
        long live = device.LiveBytes;
        var failure = Assert.Throws<InvalidOperationException>(() => model.Fit(examples));
        Assert.Contains("must not say CanReplay", failure.Message, StringComparison.Ordinal);
        honest.Fit(examples);
        Assert.Equal(live, device.LiveBytes);
    }

    private static Sequential Create(Device device, Witness witness)
    {
        var model = new Sequential("Replay", device, s_shape,
        [
            new Conv2D(5, (3, 3), ActivationFunction.Relu, Padding.Same),
            new Dropout(0.2f),
            new MaxPool2D(),
            new Conv2D(4, (2, 2), ActivationFunction.Linear, strides: (2, 1)),
            new Activation(ActivationFunction.Sigmoid),
            new Flatten(),
            new Dense(7, ActivationFunction.Relu),
            new Dropout(0.3f),
            new Dense(TinyModel.Classes),
            witness,
            new Activation(ActivationFunction.Softmax),
        ], 7);
        model.Compile(new Sgd(0.1f));
        return model;
    }

    private static void AssertSame(Sequential expected, Sequential actual)
    {
        var (left, right) = (expected.GetWeights(), actual.GetWeights());
        for (int i = 0; i < left.Length; i++)
        {
            AssertSame(expected.Device, $"parameter {i}", left[i], right[i]);
        }
    }

    private static void AssertSame(Device device, string what, float[] expected, float[] actual)
    {
        if (device.Backend is IFusesCalls)
        {
            Check.Close(what, NdArray.From([expected.Length], expected), actual, s_rounded);
        }
        else
        {
            Check.SameBits<float>(what, expected, actual);
        }
    }

    private static void AssertSame(Device device, string what, double[] expected, double[] actual)
    {
        if (device.Backend is IFusesCalls)
        {
            float[] rounded = Array.ConvertAll(actual, value => (float)value);
            Check.Close(what, new NdArray([expected.Length], expected), rounded, s_rounded);
        }
        else
        {
            Assert.Equal(expected, actual);
        }
    }

    /// <summary>Passes its input on and counts how often it is asked.</summary>
    private sealed class Witness(bool canReplay) : Layer
    {
        public override string TypeName => "Witness";

        public override bool CanReplay => canReplay;

        public bool Reads { get; init; }

        public int Passes { get; private set; }

        public override Shape ComputeOutputShape(Shape input) => input;

        public override Tensor Forward(Tensor x, ForwardContext context)
        {
            Passes++;
            if (Reads)
            {
                _ = x.ToArray();
            }

            return x;
        }
    }

    private sealed class CountingOptimizer : Optimizer
    {
        public override string Name => "counting";

        protected override void Update(int index, Tensor parameter, Tensor gradient)
        {
            using var sum = parameter + Iterations;
            parameter.Assign(sum.ToArray());
        }

        protected override void Dispose(bool disposing)
        {
        }
    }

    private sealed class Meddler(Sequential model) : IProgress<FitProgress>
    {
        public void Report(FitProgress value)
        {
            if (value.StepsDone == 3)
            {
                model.SetWeights([.. model.GetWeights().Select(weights => Array.ConvertAll(weights, weight => -weight))]);
            }

            if (value.StepsDone == 6)
            {
                model.Compile(new Sgd(0.2f, momentum: 0.5f));
            }
        }
    }
}
