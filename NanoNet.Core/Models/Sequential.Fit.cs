using System.Diagnostics;
using NanoNet.Core.Autograd;
using NanoNet.Core.Errors;
using NanoNet.Core.Layers;
using NanoNet.Core.Metrics;
using NanoNet.Core.Ops;
using NanoNet.Core.Randomness;
using NanoNet.Core.Tensors;
using NanoNet.Core.Training;

namespace NanoNet.Core.Models;

/// <content>Training.</content>
public sealed partial class Sequential
{
    /// <summary>
    /// Trains for a number of epochs. Loss and accuracy of an epoch are the means over its batches as they were trained on,
    /// weighted by their sizes; a cancelled run leaves the weights as the last step left them.
    /// </summary>
    /// <param name="examples">What to learn from, on the model's device.</param>
    /// <param name="options">Epochs, batch size, validation; Keras' defaults when null.</param>
    /// <param name="cancellation">Ends training between two steps.</param>
    /// <exception cref="InvalidOperationException">The model was not compiled, or does not end in a softmax.</exception>
    /// <exception cref="ShapeException">The examples do not fit the model's input.</exception>
    /// <exception cref="OperationCanceledException">Training was cancelled.</exception>
    public History Fit(Examples examples, FitOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(examples);
        options ??= new FitOptions();
        ArgumentOutOfRangeException.ThrowIfNegative(options.InitialEpoch);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(options.Epochs, options.InitialEpoch);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.BatchSize, 1);
        RequireCompiled();
        RequireFit(examples);

        var context = new ForwardContext(true, Clock, RandomKey.For(Seed, RandomPurpose.Dropout, Name, options.Draw));
        var shuffleKey = RandomKey.For(Seed, RandomPurpose.Shuffle, Name, options.Draw);
        using var metrics = new MetricAccumulator(Device);
        using var order = new ExampleOrder(examples);
        using var runner = new StepRunner(Device, CanReplay, rows => TrainStep(examples, order, rows, context, metrics), []);
        var results = new List<EpochResult>();
        var watch = Stopwatch.StartNew();
        for (int epoch = options.InitialEpoch; epoch < options.Epochs; epoch++)
        {
            var start = watch.Elapsed;
            Clock.Epoch = epoch;
            metrics.Reset();
            if (options.Shuffle)
            {
                order.Shuffle(shuffleKey, epoch);
            }

            TrainEpoch(runner, examples.Count, options, metrics, watch, cancellation);

            var training = metrics.Read();
            Evaluation? validation = options.Validation is null ? null : Evaluate(options.Validation, cancellation: cancellation);
            results.Add(new EpochResult(epoch + 1, training, validation, watch.Elapsed - start));
            int steps = StepsOf(examples.Count, options.BatchSize);
            options.Progress?.Report(new FitProgress(epoch + 1, options.Epochs, steps, steps, training, watch.Elapsed, results[^1]));
        }

        return new History(results);
    }

    private static int StepsOf(int count, int batchSize) => (count + batchSize - 1) / batchSize;

    private void TrainEpoch(
        StepRunner runner, int count, FitOptions options, MetricAccumulator metrics, Stopwatch watch, CancellationToken cancellation)
    {
        int steps = StepsOf(count, options.BatchSize);
        var nextReport = watch.Elapsed + options.ReportEvery;
        for (int step = 0; step < steps; step++)
        {
            cancellation.ThrowIfCancellationRequested();
            Clock.Step = step;
            Clock.Start = step * options.BatchSize;
            Optimizer!.Prepare(_parameters);
            Optimizer.Iterations++;
            runner.Run(Math.Min(options.BatchSize, count - Clock.Start), Optimizer);
            if (options.Progress is not null && watch.Elapsed >= nextReport)
            {
                nextReport = watch.Elapsed + options.ReportEvery;
                options.Progress.Report(new FitProgress(
                    Clock.Epoch + 1, options.Epochs, step + 1, steps, metrics.Read(), watch.Elapsed, null));
            }
        }
    }

    /// <summary>
    /// One step: gather, forward, loss and metrics, backward, update. All on the device; nothing waits. Where it is recorded it
    /// runs once for each batch size, and the plan of it many times.
    /// </summary>
    private Tensor? TrainStep(Examples examples, ExampleOrder order, int rows, ForwardContext context, MetricAccumulator metrics)
    {
        using var tape = new GradientTape();
        var x = examples.GatherInputs(order, rows, InputShape, Clock);
        var targets = examples.GatherTargets(order, rows, Clock);
        var logits = Logits(x, context);
        var loss = Op.SoftmaxCrossEntropyWithLosses(logits, targets, out var losses, out var kind);
        metrics.Add(losses, logits, targets, kind);
        Optimizer!.UpdateAll(_parameters, tape.Gradient(loss, _parameters));
        return null;
    }

    private void RequireCompiled()
    {
        if (Optimizer is null)
        {
            throw new InvalidOperationException($"{Name}: call Compile(new Sgd()) before Fit.");
        }
    }

    private void RequireFit(Examples examples)
    {
        if (examples.ExampleShape.Count != InputShape.Count)
        {
            throw ShapeException.Create(Name, $"examples of shape {InputShape}", $"{examples.ExampleShape}");
        }

        if (examples.Device != Device)
        {
            throw new ArgumentException($"{Name}: the model lives on {Device.Info.Name}, the examples on {examples.Device.Info.Name}. "
                + "Make both with the same Device.");
        }
    }
}
