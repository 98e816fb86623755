using System.Diagnostics;
using System.Globalization;
using NanoNet.Assignment;
using NanoNet.Core.Optimizers;
using NanoNet.Core.Tensors;
using NanoNet.Core.Training;
using NanoNet.Kernels;

namespace NanoNet.Benchmarks;

/// <summary>
/// Times one training step and one prediction by timing <c>Fit</c> and <c>Predict</c> themselves over some batches: gathering,
/// dropout, loss, correct count and update included. The best of several rounds, since noise only ever adds.
/// </summary>
public static class StepBenchmark
{
    private const int Rounds = 5;
    private const double SecondsPerRound = 1.0;

    public static int Run(ModelKind kind, int batch, DeviceChoice choice, int threads, bool exact, Precision precision, TextWriter output)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batch, 1);
        using var device = Device.Open(choice, threads, exact, precision);
        using var model = AssignmentModels.Create(kind, device);
        model.Compile(new Sgd());
        var options = new FitOptions { BatchSize = batch };

        using var few = RandomExamples(device, 3 * batch);
        double seconds = WarmUp(() => model.Fit(few, options));
        int steps = Math.Clamp((int)(SecondsPerRound / (seconds / 3)), 3, 1000);
        using var many = RandomExamples(device, steps * batch);
        double train = Best(() => model.Fit(many, options)) / steps;
        WarmUp(() => model.Predict(few, batch));
        double infer = Best(() => model.Predict(many, batch)) / steps;

        string name = device.Info.Kind.ToString().ToLowerInvariant();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"nanonet {name} model {kind} batch {batch}: train {1e3 * train:F3} ms/step, infer {1e3 * infer:F3} ms/batch"));
        return 0;
    }

    // Until the compiler has settled: the same work again and again for two seconds. Returns the last duration.
    private static double WarmUp(Action work)
    {
        var watch = Stopwatch.StartNew();
        double last;
        do
        {
            last = Seconds(work);
        }
        while (watch.Elapsed.TotalSeconds < 2);
        return last;
    }

    private static double Best(Action work) => Enumerable.Range(0, Rounds).Min(_ => Seconds(work));

    private static double Seconds(Action work)
    {
        var watch = Stopwatch.StartNew();
        work();
        return watch.Elapsed.TotalSeconds;
    }

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
