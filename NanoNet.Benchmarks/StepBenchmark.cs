using System.Globalization;
using NanoNet.Assignment;
using NanoNet.Core.Models;
using NanoNet.Core.Optimizers;
using NanoNet.Core.Tensors;
using NanoNet.Core.Training;
using NanoNet.Kernels;

namespace NanoNet.Benchmarks;

/// <summary>
/// Times one training step and one prediction by timing <c>Fit</c> and <c>Predict</c> themselves over few batches and
/// over many: gathering, dropout, loss, correct count and update included. What a call costs once is told apart.
/// </summary>
public static class StepBenchmark
{
    // As many as Fashion-MNIST has: an epoch's order and the caches' share of the images are what they are in training.
    private const int MostExamples = 60_000;
    private const int MostSteps = 100_000;

    public static int Run(
        ModelKind kind, int batch, DeviceChoice choice, int threads, bool exact, Precision precision, TextWriter output)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batch, 1);
        using var device = Device.Open(choice, threads, exact, precision);
        using var model = AssignmentModels.Create(kind, device);
        model.Compile(new Sgd());
        int perEpoch = Math.Max(2 * RepeatedCost.Fewest, MostExamples / batch);
        using var examples = RandomExamples(device, perEpoch * batch);
        var train = RepeatedCost.Measure(steps => Training(model, examples, batch, steps), MostSteps);
        var infer = RepeatedCost.Measure(batches => Prediction(model, examples, batch, batches), perEpoch);

        string name = device.Info.Kind.ToString().ToLowerInvariant();
        output.WriteLine(
            Invariant($"nanonet {name} model {kind} batch {batch}: train {1e3 * train.Each:F4} ms/step, ")
            + Invariant($"infer {1e3 * infer.Each:F4} ms/batch, ")
            + Invariant($"and {1e3 * train.Once:F1} ms once a Fit, {1e3 * infer.Once:F1} ms once a Predict"));
        return 0;
    }

    // Some of the examples, or all of them several times.
    private static (Action Fit, int Steps) Training(Sequential model, Examples examples, int batch, int steps)
    {
        int perEpoch = Math.Min(steps, examples.Count / batch);
        var some = First(examples, perEpoch * batch);
        var options = new FitOptions { BatchSize = batch, Epochs = steps / perEpoch };
        return (() => model.Fit(some, options), options.Epochs * perEpoch);
    }

    private static (Action Predict, int Batches) Prediction(Sequential model, Examples examples, int batch, int batches)
    {
        batches = Math.Min(batches, examples.Count / batch);
        var some = First(examples, batches * batch);
        return (() => model.Predict(some, batch), batches);
    }

    private static Examples First(Examples examples, int count) => examples.Subset([.. Enumerable.Range(0, count)]);

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    // Noise suffices: no kernel's time depends on the values.
    private static Examples RandomExamples(Device device, int count)
    {
        var random = new Random(1);
        var pixels = new byte[count * 784];
        var labels = new byte[count];
        random.NextBytes(pixels);
        for (int i = 0; i < count; i++)
        {
            labels[i] = (byte)random.Next(10);
        }

        return Examples.FromBytes(device, pixels, new Shape(28, 28), labels);
    }
}
