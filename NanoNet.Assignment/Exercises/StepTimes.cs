using System.Diagnostics;
using NanoNet.Core.Optimizers;
using NanoNet.Core.Training;

namespace NanoNet.Assignment.Exercises;

/// <summary>How long a model takes on the device at hand, measured from a few steps.</summary>
/// <param name="Step">A training step.</param>
/// <param name="TestImage">One image in a test.</param>
internal readonly record struct StepTimes(TimeSpan Step, TimeSpan TestImage)
{
    // Enough to be of use, and done within two seconds: Model B takes a hundred times as long.
    private const int ImagesOfA = 1024;
    private const int ImagesOfB = 128;

    public static StepTimes Measure(Session session, ModelKind kind)
    {
        var options = session.Options;
        int images = Math.Max(options.Batch, kind == ModelKind.A ? ImagesOfA : ImagesOfB);
        var train = session.Fashion.Train;
        using var examples = Examples.FromImages(session.Device, train.Take(Math.Min(images, train.Count)));
        using var model = AssignmentModels.Create(kind, session.Device, options.Seed);
        model.Compile(new Sgd(options.LearningRate));
        var fit = new FitOptions { BatchSize = options.Batch };
        int steps = (examples.Count + options.Batch - 1) / options.Batch;
        var training = Best(() => model.Fit(examples, fit, session.Cancellation));
        var testing = Best(() => model.Evaluate(examples, cancellation: session.Cancellation));
        return new(training / steps, testing / examples.Count);
    }

    // The first time code is compiled and memory is fetched. Of the others the shortest: so few steps are soon disturbed, and a
    // plan that is three times too long puts people off.
    private static TimeSpan Best(Action work)
    {
        work();
        var best = TimeSpan.MaxValue;
        for (int i = 0; i < 3; i++)
        {
            var time = Stopwatch.StartNew();
            work();
            best = TimeSpan.FromTicks(Math.Min(best.Ticks, time.Elapsed.Ticks));
        }

        return best;
    }
}
