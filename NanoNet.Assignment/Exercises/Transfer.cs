using System.Diagnostics;
using NanoNet.Assignment.Report;
using NanoNet.Assignment.Results;
using NanoNet.Assignment.Terminal;

namespace NanoNet.Assignment.Exercises;

/// <summary>
/// Exercise 4: retrain the model of exercise 1 on n = 100, 200, … handwritten digits, train it from scratch on the same
/// digits, and find how large n needs to be for 95 % accuracy on the test digits.
/// </summary>
internal static class Transfer
{
    /// <summary>A sweep visits every step where that is estimated to take less.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    public static void Run(Session session, ModelKind kind)
    {
        var options = session.Options;
        var digits = session.Digits!;
        session.Screen.Head($"Exercise 4, Model {kind}: transfer learning on {digits.Name}, "
            + $"{Words.Number(options.EpochsOfTransfer, "epoch")} for each n");
        int largestN = Math.Min(options.TransferMax ?? int.MaxValue, digits.Train.Count);
        if (largestN < options.StepOfTransfer)
        {
            string step = Words.Count(options.StepOfTransfer);
            throw new AssignmentException($"One step of exercise 4 is {step} digits, but there are only "
                + $"{Words.Count(digits.Train.Count)}; lower --transfer-step.");
        }

        using var trial = new TransferTrial(session, kind);
        var result = new TransferResult
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
        var writer = new TransferWriter(session, kind, trial.Weights, result);
        foreach (var start in (ReadOnlySpan<WeightsStart>)[WeightsStart.Pretrained, WeightsStart.Scratch])
        {
            session.Screen.Watch(Name(start), watch => Sweep(session, trial, start, writer, watch));
            session.Screen.Say("  " + TransferAnswer.Sentence(writer.Result, start));
        }

        writer.Draw();
    }

    private static SweepKind Sweep(
        Session session, TransferTrial trial, WeightsStart start, TransferWriter writer, IWatch watch)
    {
        var options = session.Options;
        Sweep? sweep = null;
        sweep = new Sweep(writer.Result.Step, writer.Result.LargestN, n =>
        {
            var time = Stopwatch.StartNew();
            double accuracy = trial.Accuracy(start, n, new TrialWatch(watch, trial, sweep!, n));
            watch.Milestone(
                $"  {Name(start)}, n = {Words.Count(n)}: {Words.Percent(accuracy)}  ({Words.Duration(time.Elapsed)})");
            writer.Add(start, n, accuracy);
            return accuracy;
        });
        var kind = options.SizesOfTransfer is { } sizes ? sweep.Visit(sizes)
            : options.FullSweep ? sweep.VisitEveryStep()
            : sweep.Search(gaps => trial.Estimate(gaps) < Patience);
        writer.Finish(start, kind);
        return kind;
    }

    private static string Name(WeightsStart start) => start == WeightsStart.Pretrained ? "Pretrained" : "From scratch";
}
