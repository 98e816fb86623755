using NanoNet.Core.Layers;
using NanoNet.Core.Metrics;
using NanoNet.Core.Ops;
using NanoNet.Core.Randomness;
using NanoNet.Core.Tensors;
using NanoNet.Core.Training;
using NanoNet.Kernels;
using NanoNet.Kernels.Memory;

namespace NanoNet.Core.Models;

/// <content>Evaluation and prediction: dropout off, the examples in the order they are in.</content>
public sealed partial class Sequential
{
    /// <summary>Batches of evaluation and prediction: large enough to keep a machine busy, small enough to stay in its memory.</summary>
    private const int InferenceBatch = 128;

    /// <summary>Mean loss and accuracy on some examples.</summary>
    /// <exception cref="InvalidOperationException">The model does not end in a softmax.</exception>
    public Evaluation Evaluate(Examples examples, int batchSize = InferenceBatch, CancellationToken cancellation = default)
    {
        using var metrics = new MetricAccumulator(Device);
        ForEachBatch(examples, batchSize, (x, targets, context) =>
        {
            var logits = Logits(x, context);
            var losses = Op.SoftmaxCrossEntropyLosses(logits, targets, out var kind);
            metrics.Add(losses, logits, targets, kind);
            return null;
        }, null, cancellation);
        return metrics.Read();
    }

    /// <summary>The outputs for some examples, row after row: [count · outputs].</summary>
    public float[] Predict(Examples examples, int batchSize = InferenceBatch, CancellationToken cancellation = default) =>
        Collect(examples, batchSize, (x, _, context) => Through(_layers, x, context), cancellation);

    /// <summary>The scores before the final softmax, row after row: [count · classes].</summary>
    /// <exception cref="InvalidOperationException">The model does not end in a softmax.</exception>
    public float[] PredictLogits(Examples examples, int batchSize = InferenceBatch, CancellationToken cancellation = default) =>
        Collect(examples, batchSize, (x, _, context) => Logits(x, context), cancellation);

    private float[] Collect(
        Examples examples, int batchSize, Func<Tensor, Tensor, ForwardContext, Tensor?> forward, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(examples);
        int columns = OutputShape.Count;
        var outputs = new float[examples.Count * columns];
        ForEachBatch(examples, batchSize, forward, (y, start) =>
        {
            int rows = Math.Min(batchSize, examples.Count - start);
            Device.Backend.Download(outputs.AsSpan(start * columns, rows * columns), y);
        }, cancellation);
        return outputs;
    }

    private void ForEachBatch(
        Examples examples, int batchSize, Func<Tensor, Tensor, ForwardContext, Tensor?> forward,
        Action<DeviceBuffer, int>? read, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(examples);
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        RequireFit(examples);

        // A clock of its own: evaluating in the midst of training moves nothing.
        var context = new ForwardContext(false, new StepClock(), RandomKey.For(Seed, RandomPurpose.Dropout, Name));
        using var order = new ExampleOrder(examples);
        using var runner = new StepRunner(Device, CanReplay, rows =>
        {
            var x = examples.GatherInputs(order, rows, InputShape, context.Clock);
            return forward(x, examples.GatherTargets(order, rows, context.Clock), context);
        }, _parameters, y => read?.Invoke(y, context.Clock.Start));
        for (int start = 0; start < examples.Count; start += batchSize)
        {
            cancellation.ThrowIfCancellationRequested();
            context.Clock.Start = start;
            runner.Run(Math.Min(batchSize, examples.Count - start));
        }
    }
}
