using NanoNet.Assignment;
using NanoNet.Core.Autograd;
using NanoNet.Core.Models;
using NanoNet.Core.Ops;
using NanoNet.Core.Optimizers;
using NanoNet.Core.Tensors;
using NanoNet.Core.Training;
using NanoNet.Tests.Checking;
using Xunit;

namespace NanoNet.Tests.Models;

/// <summary>
/// What training leaves to the garbage collector, on the managed engine. Garbage does not depend on the batch size.
/// </summary>
public sealed class GarbageTests
{
    private const int Batch = 2;
    private const int FitBound = 1024;
    private const int EagerBound = 8 * 1024;

    private static Device Device => Engines.Simd.Device;

    [Theory]
    [InlineData(ModelKind.A, 50)]
    [InlineData(ModelKind.B, 6)]
    public void A_step_of_Fit_makes_less_than_a_kilobyte(ModelKind kind, int steps)
    {
        using var model = Create(kind);
        using var examples = Examples(steps * Batch);
        model.Fit(examples, new FitOptions { BatchSize = Batch });

        // Recording and the results of an epoch are in both: the difference is the steps' own.
        long one = Allocated(() => model.Fit(examples, new FitOptions { BatchSize = Batch, Epochs = 1 }));
        long three = Allocated(() => model.Fit(examples, new FitOptions { BatchSize = Batch, Epochs = 3 }));
        long perStep = (three - one) / (2 * steps);
        Assert.True(perStep < FitBound, $"{perStep:N0} bytes a step");
    }

    [Theory]
    [InlineData(ModelKind.A)]
    [InlineData(ModelKind.B)]
    public void A_step_of_ones_own_loop_makes_less_than_eight(ModelKind kind)
    {
        using var model = Create(kind);
        using var x = Tensor.Ones(Device, new Shape(Batch, 28, 28));
        using var labels = Tensor.FromLabels(Device, new int[Batch]);
        void Step()
        {
            using var tape = new GradientTape();
            var loss = Op.SoftmaxCrossEntropy(model.Logits(x, training: true), labels);
            model.Optimizer!.Apply(model.Parameters, tape.Gradient(loss, model.Parameters));
        }

        Step();
        Step();
        long bytes = Allocated(Step);
        Assert.True(bytes < EagerBound, $"{bytes:N0} bytes a step");
    }

    [Fact]
    public void An_epoch_of_Fit_ends_without_a_collection_of_what_is_not_new()
    {
        using var model = Create(ModelKind.A);
        using var examples = Examples(2000 * Batch);
        var collections = new List<int>();
        model.Fit(examples, new FitOptions
        {
            BatchSize = Batch,
            Epochs = 4,
            Progress = new AtEpochs(() => collections.Add(GC.CollectionCount(1))),
        });
        Assert.Equal(collections[0], collections[^1]);
    }

    // An epoch's order and the predictions themselves are all that grows with the number of examples.
    [Fact]
    public void Evaluating_and_predicting_make_next_to_none_a_batch()
    {
        using var model = Create(ModelKind.A);
        using var few = Examples(3 * Batch);
        using var many = Examples(103 * Batch);
        Evaluate(few);
        long growth = Allocated(() => Evaluate(many)) - Allocated(() => Evaluate(few));
        long results = 100 * Batch * (2 * sizeof(int) + 10 * sizeof(float));
        Assert.True(growth < results + (100 * 64), $"{(growth - results) / 100:N0} bytes a batch");

        void Evaluate(Examples examples)
        {
            model.Evaluate(examples, Batch);
            model.Predict(examples, Batch);
        }
    }

    private static long Allocated(Action action)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        action();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static Sequential Create(ModelKind kind)
    {
        var model = AssignmentModels.Create(kind, Device);
        model.Compile(new Sgd());
        return model;
    }

    private static Examples Examples(int count) =>
        Core.Training.Examples.FromBytes(Device, new byte[count * 784], new Shape(28, 28), new byte[count]);

    private sealed class AtEpochs(Action action) : IProgress<FitProgress>
    {
        public void Report(FitProgress value)
        {
            if (value.Finished is not null)
            {
                action();
            }
        }
    }
}
