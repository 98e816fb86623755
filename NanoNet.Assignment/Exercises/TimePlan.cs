using NanoNet.Assignment.CommandLine;
using NanoNet.Assignment.Resume;
using NanoNet.Assignment.Results;
using NanoNet.Kernels;

namespace NanoNet.Assignment.Exercises;

/// <summary>
/// How long everything will take: estimated from a few steps, then corrected by how long the parts that are done took.
/// </summary>
internal sealed class TimePlan
{
    /// <summary>Pictures and the pass over the test images, on any machine.</summary>
    private static readonly TimeSpan Drawing = TimeSpan.FromSeconds(1.5);

    /// <summary>Steps of a training until converged, as seen with small n.</summary>
    private const int UsualStepsUntilConverged = 2000;

    /// <summary>What is shorter tells nothing about the rest.</summary>
    private static readonly TimeSpan TooShort = TimeSpan.FromSeconds(2);

    private readonly List<(ModelKind Kind, Exercise Exercise, TimeSpan Time)> _parts = [];
    private readonly Dictionary<ModelKind, (TimeSpan Estimated, TimeSpan Actual)> _done = [];

    /// <summary>Measures and estimates. Not on the device for debugging, where that alone would take minutes.</summary>
    public static TimePlan? Make(Session session, Exercise exercises)
    {
        if (session.Device.Info.Kind == DeviceKind.IlgpuCpu)
        {
            return null;
        }

        var plan = new TimePlan();
        foreach (var kind in session.Options.Models)
        {
            var times = StepTimes.Measure(session, kind);
            foreach (var exercise in (ReadOnlySpan<Exercise>)
                [Exercise.Training, Exercise.Confusion, Exercise.Extremes, Exercise.Transfer])
            {
                if (exercises.HasFlag(exercise))
                {
                    plan._parts.Add((kind, exercise, Estimate(session, kind, exercise, times)));
                }
            }
        }

        return plan;
    }

    /// <summary>The time left, corrected by what is known.</summary>
    public TimeSpan Left => _parts.Aggregate(TimeSpan.Zero, (sum, part) => sum + (part.Time * Correction(part.Kind)));

    /// <summary>The plan in words.</summary>
    public IEnumerable<string> Describe(RunOptions options)
    {
        yield return $"about {Words.Duration(Left)} in all, from a few steps; corrected as it goes";
        bool isOne = _parts.Count == 1;
        foreach (var model in isOne ? [] : _parts.GroupBy(part => part.Kind))
        {
            var parts = model.GroupBy(part => Name(part.Exercise, model.Count()), part => part.Time.Ticks)
                .Select(times => $"{times.Key} {Words.Duration(TimeSpan.FromTicks(times.Sum()))}");
            yield return $"Model {model.Key}: {string.Join(", ", parts)}";
        }

        if (options.SizesOfTransfer is null && _parts.Any(part => part.Exercise == Exercise.Transfer))
        {
            var guesses = options.Models
                .Select(kind => $"{Words.Count(SweepBudget.LikelyCrossing(options, kind))} with Model {kind}");
            yield return $"Exercise 4 ends where 95 % is reached, for this estimate at n = {Words.List([.. guesses])}";
        }
    }

    /// <summary>A part is done.</summary>
    public void Done(ModelKind kind, Exercise exercise, TimeSpan actual)
    {
        int index = _parts.FindIndex(part => (part.Kind, part.Exercise) == (kind, exercise));
        var estimated = _parts[index].Time;
        _parts.RemoveAt(index);
        if (estimated >= TooShort)
        {
            var (before, actualBefore) = _done.GetValueOrDefault(kind);
            _done[kind] = (before + estimated, actualBefore + actual);
        }
    }

    private double Correction(ModelKind kind) =>
        _done.TryGetValue(kind, out var done) ? done.Actual / done.Estimated : 1;

    private static string Name(Exercise exercise, int ofParts) => exercise switch
    {
        Exercise.Training => "training",
        Exercise.Transfer => "exercise 4",
        _ when ofParts > 1 => "exercises 2 and 3",
        Exercise.Confusion => "exercise 2",
        _ => "exercise 3",
    };

    private static TimeSpan Estimate(Session session, ModelKind kind, Exercise exercise, StepTimes times) =>
        exercise switch
        {
            Exercise.Training => EstimateTraining(session, kind, times),
            Exercise.Transfer => EstimateTransfer(session, kind, times),
            Exercise.Confusion => Drawing + (times.TestImage * session.Fashion.Test.Count),
            _ => Drawing,
        };

    private static TimeSpan EstimateTraining(Session session, ModelKind kind, StepTimes times)
    {
        var options = session.Options;
        int done = new TrainingCheckpoint(session, kind).Open()?.Epochs.Length ?? 0;
        int steps = StepsOf(options, options.ImagesOf(kind, session.Fashion.Train.Count));
        return ((times.Step * steps) + (times.TestImage * session.Fashion.Test.Count)) * (options.EpochsOf(kind) - done)
            + Drawing;
    }

    /// <summary>
    /// Goes through the sweeps by the accuracies that are kept, and else as if 95 % were reached where it usually is;
    /// adds up what is not kept.
    /// </summary>
    private static TimeSpan EstimateTransfer(Session session, ModelKind kind, StepTimes times)
    {
        var options = session.Options;
        var kept = (new TransferCheckpoint(session, kind).Open()?.Trials ?? [])
            .DistinctBy(trial => (trial.Start, trial.Draw, trial.N, Converged: trial.MostSteps is not null))
            .ToDictionary(
                trial => (trial.Start, trial.Draw, trial.N, Converged: trial.MostSteps is not null),
                trial => trial.Accuracy);
        var test = times.TestImage * session.Digits!.Test.Count;
        TimeSpan Cost(int n) => (times.Step * ((double)StepsOf(options, n) * options.EpochsOfTransfer)) + test;

        var sum = TimeSpan.Zero;
        var result = Transfer.Begin(session);
        foreach (var start in Enum.GetValues<WeightsStart>())
        {
            double crossing = SweepBudget.LikelyCrossing(options, kind);
            var sweep = new Sweep(result.Step, result.LargestN, n =>
                kept.TryGetValue((start, TransferTrial.FirstDraw, n, false), out double accuracy)
                    ? accuracy
                    : UsualAccuracy(n / crossing));
            var visited = Transfer.Visit(sweep, options, kind, session.Device.Info.Kind);
            AccuracyPoint[] points = [.. sweep.Points.Select(point => new AccuracyPoint(point.Key, point.Value))];
            var again = TransferDraws.Sizes(options, kind, result.With(start, points, sweep.N95, visited), start);
            var trials = points.Select(point => (Draw: TransferTrial.FirstDraw, point.N))
                .Concat(Enumerable.Range(1, options.Draws).SelectMany(draw => again.Select(n => (Draw: draw, N: n))));
            foreach (var (draw, n) in trials.Distinct())
            {
                sum += kept.ContainsKey((start, draw, n, false)) ? TimeSpan.Zero : Cost(n);
            }

            int untilConverged = Math.Min(options.ConvergeStepsOf(kind), UsualStepsUntilConverged);
            int missing = options.ConvergeSizesOf(kind)
                .Count(n => !kept.ContainsKey((start, TransferTrial.FirstDraw, n, true)));
            sum += ((times.Step * untilConverged) + test) * missing;
        }

        return sum + Drawing;
    }

    // The error falls as a power of n.
    private static double UsualAccuracy(double shareOfCrossing) =>
        1 - Math.Min(0.9, (1 - Sweep.Goal) * Math.Pow(shareOfCrossing, -0.7));

    private static int StepsOf(RunOptions options, int images) => (images + options.Batch - 1) / options.Batch;
}
