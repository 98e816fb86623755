using NanoNet.Core.Randomness;
using NanoNet.Core.Tensors;
using NanoNet.Core.Training;
using NanoNet.Tests.Checking;
using NanoNet.Tests.Reference;
using Xunit;

namespace NanoNet.Tests.Models;

/// <summary>That <c>Fit</c> trains as Keras does: held to a training run in doubles, batch by batch.</summary>
public sealed class FitTests
{
    private const int Count = 17;
    private const int Batch = 5;

    // Weights after some ten steps: float32's errors, a few roundings a step, relative to weights of order one.
    private static readonly Tolerance s_tolerance = Tolerance.Rounded(20);

    private static Device Device => Engines.Simd.Device;

    [Theory]
    [InlineData(0f, false)]
    [InlineData(0.9f, false)]
    [InlineData(0.9f, true)]
    public void The_last_smaller_batch_counts_by_its_own_examples(float momentum, bool nesterov)
    {
        using var model = TinyModel.Regression(Device, 0.1f, momentum, nesterov);
        using var examples = TinyModel.Examples(Device, Count);
        var reference = new ReferenceTraining(model, 0.1f, momentum, nesterov);
        var history = model.Fit(examples, new FitOptions { Epochs = 3, BatchSize = Batch, Shuffle = false });
        for (int epoch = 0; epoch < 3; epoch++)
        {
            var expected = reference.Epoch([.. Enumerable.Range(0, Count)], Batch);

            // The epoch's loss is the mean over its batches as they were trained on, weighted by their sizes.
            Assert.Equal(expected.Loss, history.Loss[epoch], 1e-6);
            Assert.Equal(expected.Accuracy, history.Accuracy[epoch], 1e-12);
        }

        Check.Close("kernel", reference.Kernel, model.Parameters[0].ToArray(), s_tolerance);
        Check.Close("bias", reference.Bias, model.Parameters[1].ToArray(), s_tolerance);
    }

    [Fact]
    public void Each_epoch_has_an_order_of_its_own_drawn_from_the_seed()
    {
        using var model = TinyModel.Regression(Device);
        using var examples = TinyModel.Examples(Device, Count);
        var reference = new ReferenceTraining(model, 0.1f, 0, false);
        model.Fit(examples, new FitOptions { Epochs = 2, BatchSize = Batch, Draw = 3 });
        var key = RandomKey.For(7, RandomPurpose.Shuffle, "Tiny", 3);
        int[][] orders = [key.Permutation(Count, 0), key.Permutation(Count, 1)];
        Assert.NotEqual(orders[0], orders[1]);
        reference.Epoch(orders[0], Batch);
        reference.Epoch(orders[1], Batch);
        Check.Close("kernel", reference.Kernel, model.Parameters[0].ToArray(), s_tolerance);
    }

    [Fact]
    public void Validation_follows_each_epoch_and_changes_nothing()
    {
        using var examples = TinyModel.Examples(Device, Count);
        using var validation = TinyModel.Examples(Device, 7);
        using var watched = TinyModel.Regression(Device);
        using var alone = TinyModel.Regression(Device);
        var history = watched.Fit(examples, new FitOptions { Epochs = 2, BatchSize = Batch, Validation = validation });
        for (int epoch = 0; epoch < 2; epoch++)
        {
            var one = alone.Fit(examples, new FitOptions { InitialEpoch = epoch, Epochs = epoch + 1, BatchSize = Batch });
            var evaluation = alone.Evaluate(validation);
            Assert.Equal(evaluation.Loss, history.ValLoss[epoch]);
            Assert.Equal(evaluation.Accuracy, history.ValAccuracy[epoch]);
            Assert.Empty(one.ValLoss);
        }

        Assert.Equal(alone.GetWeights()[0], watched.GetWeights()[0]);
    }

    [Fact]
    public void Distributions_and_class_indices_train_alike()
    {
        var (inputs, labels) = TinyModel.Data(Count);
        using var indices = Examples.FromArrays(Device, inputs.Floats, new Shape(TinyModel.Features), labels);
        using var oneHot = Examples.FromArrays(
            Device, inputs.Floats, new Shape(TinyModel.Features), Naive.OneHot(labels, TinyModel.Classes).Floats, TinyModel.Classes);
        using var first = TinyModel.Regression(Device);
        using var second = TinyModel.Regression(Device);
        var options = new FitOptions { Epochs = 2, BatchSize = Batch };
        var (a, b) = (first.Fit(indices, options), second.Fit(oneHot, options));
        Assert.Equal(a.Accuracy, b.Accuracy);
        Check.Close("kernel", NdArray.From([TinyModel.Features, TinyModel.Classes], first.GetWeights()[0]), second.GetWeights()[0], s_tolerance);
    }

    [Fact]
    public void A_subset_trains_as_its_own_examples_would()
    {
        int[] chosen = [4, 0, 11, 9, 2, 16, 7];
        var (inputs, labels) = TinyModel.Data(Count);
        using var all = TinyModel.Examples(Device, Count);
        using var subset = all.Subset(chosen);
        float[] picked = [.. chosen.SelectMany(i => inputs.Floats.Skip(i * TinyModel.Features).Take(TinyModel.Features))];
        using var own = Examples.FromArrays(Device, picked, new Shape(TinyModel.Features), [.. chosen.Select(i => labels[i])]);
        using var first = TinyModel.Regression(Device);
        using var second = TinyModel.Regression(Device);
        first.Fit(subset, new FitOptions { Epochs = 2, BatchSize = 3 });
        second.Fit(own, new FitOptions { Epochs = 2, BatchSize = 3 });
        Assert.Equal(second.GetWeights()[0], first.GetWeights()[0]);
    }

    [Fact]
    public void Progress_counts_steps_and_ends_each_epoch_with_its_result()
    {
        using var model = TinyModel.Regression(Device);
        using var examples = TinyModel.Examples(Device, Count);
        var reports = new List<FitProgress>();
        var history = model.Fit(examples, new FitOptions
        {
            Epochs = 2,
            BatchSize = Batch,
            ReportEvery = TimeSpan.Zero,
            Progress = new Reporter(reports.Add),
        });
        Assert.Equal([(1, 1), (1, 2), (1, 3), (1, 4), (1, 4), (2, 1), (2, 2), (2, 3), (2, 4), (2, 4)],
            reports.Select(report => (report.Epoch, report.Step)));
        Assert.Equal(history.Epochs, reports.Where(report => report.Finished is not null).Select(report => report.Finished!));
        Assert.Equal(history.Loss[0], reports[4].Running.Loss);
        Assert.All(reports, report => Assert.Equal((4, 2, 8L), (report.Steps, report.Epochs, report.TotalSteps)));
        Assert.Equal(6, reports[6].StepsDone);
    }

    [Fact]
    public void Cancelling_ends_training_between_steps_and_keeps_the_weights()
    {
        using var model = TinyModel.Regression(Device);
        using var examples = TinyModel.Examples(Device, Count);
        using var source = new CancellationTokenSource();
        float[]? atCancel = null;
        var options = new FitOptions
        {
            Epochs = 100,
            BatchSize = Batch,
            ReportEvery = TimeSpan.Zero,
            Progress = new Reporter(report =>
            {
                if (report.StepsDone == 6)
                {
                    atCancel = model.GetWeights()[0];
                    source.Cancel();
                }
            }),
        };
        Assert.Throws<OperationCanceledException>(() => model.Fit(examples, options, source.Token));
        Assert.Equal(atCancel, model.GetWeights()[0]);
    }

    private sealed class Reporter(Action<FitProgress> report) : IProgress<FitProgress>
    {
        public void Report(FitProgress value) => report(value);
    }
}
