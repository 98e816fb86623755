using NanoNet.Assignment.CommandLine;
using NanoNet.Assignment.Report;
using NanoNet.Assignment.Results;
using NanoNet.Assignment.Terminal;
using NanoNet.Kernels;

namespace NanoNet.Assignment.Exercises;

/// <summary>
/// Exercise 4: retrain the model of exercise 1 on n = 100, 200, … handwritten digits, train it from scratch on the same
/// digits, and find how large n needs to be for 95 % accuracy on the test digits.
/// </summary>
internal static class Transfer
{
    public static void Run(Session session, ModelKind kind)
    {
        var options = session.Options;
        var digits = session.Digits!;
        session.Screen.Head($"Exercise 4, Model {kind}: transfer learning on {digits.Name}, "
            + $"{Words.Number(options.EpochsOfTransfer, "epoch")} for each n");
        using var trial = new TransferTrial(session, kind);
        var result = Begin(session);
        var writer = new TransferWriter(session, kind, trial.Weights, result);
        foreach (var start in (ReadOnlySpan<WeightsStart>)[WeightsStart.Pretrained, WeightsStart.Scratch])
        {
            session.Screen.Watch(Words.Sentence(Words.Of(start)), watch => Sweep(session, kind, trial, start, writer, watch));
            session.Screen.Say("  " + TransferAnswer.Sentence(writer.Result, start));
        }

        TransferDraws.Run(session, kind, trial, writer);
        TransferConvergence.Run(session, kind, trial, writer);
        writer.Draw();
    }

    /// <summary>A result without any points yet.</summary>
    /// <exception cref="AssignmentException">There are not enough digits for a single point.</exception>
    public static TransferResult Begin(Session session)
    {
        var options = session.Options;
        var digits = session.Digits!;
        int largestN = Math.Min(options.TransferMax ?? int.MaxValue, digits.Train.Count);
        if (largestN < options.StepOfTransfer)
        {
            string step = Words.Count(options.StepOfTransfer);
            throw new AssignmentException($"One step of exercise 4 is {step} digits, but there are only "
                + $"{Words.Count(digits.Train.Count)}; lower --transfer-step.");
        }

        return new()
        {
            Data = digits.Name,
            Epochs = options.EpochsOfTransfer,
            Step = options.StepOfTransfer,
            LargestN = largestN,
            Pool = digits.Train.Count,
            TestImages = digits.Test.Count,
            Batch = options.Batch,
            LearningRate = options.LearningRate,
            Seed = options.Seed,
            Device = session.DeviceName,
        };
    }

    /// <summary>Visits the n that the options ask for.</summary>
    /// <param name="sweep">The sweep.</param>
    /// <param name="options">The options.</param>
    /// <param name="kind">The model.</param>
    /// <param name="device">What it is trained on.</param>
    public static SweepKind Visit(Sweep sweep, RunOptions options, ModelKind kind, DeviceKind device) =>
        options.SizesOfTransfer is { } sizes ? sweep.Visit(sizes)
        : options.FullSweep || SweepBudget.AllowsEveryStep(options, kind, device, sweep.LargestN) ? sweep.VisitEveryStep()
        : sweep.Search();

    private static SweepKind Sweep(
        Session session, ModelKind kind, TransferTrial trial, WeightsStart start, TransferWriter writer, IWatch watch)
    {
        var options = session.Options;
        Sweep? sweep = null;
        sweep = new Sweep(writer.Result.Step, writer.Result.LargestN, n =>
        {
            double accuracy = trial.Accuracy(start, n, new TrialWatch(watch, trial, sweep!, n));
            watch.Milestone($"  {Words.Sentence(Words.Of(start))}, n = {Words.Count(n)}: {Words.Percent(accuracy)}  "
                + $"({trial.Took})");
            writer.Add(start, n, accuracy);
            return accuracy;
        });
        var visited = Visit(sweep, options, kind, session.Device.Info.Kind);
        writer.Finish(start, visited);
        return visited;
    }
}
