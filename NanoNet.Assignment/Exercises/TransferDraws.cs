using System.Diagnostics;
using NanoNet.Assignment.CommandLine;
using NanoNet.Assignment.Results;
using NanoNet.Assignment.Terminal;

namespace NanoNet.Assignment.Exercises;

/// <summary>
/// How much of exercise 4 is chance: some n again with other draws, which are other digits, other random weights, other
/// orders and dropout masks. At the doublings they show the spread of the curve, around the crossing that of the
/// answer.
/// </summary>
internal static class TransferDraws
{
    /// <summary>The n around a crossing, as shares of it.</summary>
    private static readonly double[] Around = [0.8, 1, 1.25];

    /// <summary>Further from the measured n a straight line is not followed.</summary>
    private const double Trusted = 1.6;

    public static void Run(Session session, ModelKind kind, TransferTrial trial, TransferWriter writer)
    {
        if (session.Options.Draws == 1)
        {
            return;
        }

        foreach (var start in Enum.GetValues<WeightsStart>())
        {
            var sizes = Sizes(session.Options, kind, writer.Result, start);
            session.Screen.Watch("Other draws", watch => Measure(session, trial, writer, start, sizes, watch));
            writer.Finish(start, Spread(writer.Result, start, session.Options.Draws));
            var accuracies = writer.Result.Draws.Where(point => point.Start == start && point.N == sizes[^1]).ToList();
            session.Screen.Say($"  {Words.Number(session.Options.Draws, "random draw")} {Words.Of(start)}: between "
                + $"{Words.Percent(accuracies.Min(point => point.Accuracy))} and "
                + $"{Words.Percent(accuracies.Max(point => point.Accuracy))} at n = {Words.Count(sizes[^1])}");
        }
    }

    /// <summary>The n that are repeated.</summary>
    public static IReadOnlyList<int> Sizes(
        RunOptions options, ModelKind kind, TransferResult result, WeightsStart start)
    {
        var visited = result.Points(start);
        if (options.SizesOfTransfer is not null)
        {
            int most = RunOptions.QuickDrawsUpTo(kind);
            var few = visited.Select(point => point.N).Where(n => n <= most).ToList();
            return few.Count > 0 ? few : [visited[0].N];
        }

        // Where not every step could be afforded, and without a crossing, which nobody knows where to look for, only what is cheap.
        int? crossing = Crossing(result, start);
        bool isCheap = crossing is not null && result.Sweep(start) == SweepKind.EveryStep;
        double end = Math.Max(result.Step, isCheap ? Around[0] * crossing!.Value : (crossing ?? visited[^1].N) / 4.0);
        var sizes = visited.Select(point => point.N).Where(n => int.IsPow2(n / result.Step) && n <= end);
        var around = Around.Where(_ => crossing is not null)
            .Select(share => (int)Math.Round(share * crossing!.Value / result.Step) * result.Step)
            .Select(n => Math.Clamp(n, result.Step, result.LargestN / result.Step * result.Step));
        return [.. sizes.Concat(around).Distinct().Order()];
    }

    /// <summary>Where each draw alone would put the crossing; null where there is none to speak of.</summary>
    public static DrawSpread? Spread(TransferResult result, WeightsStart start, int draws)
    {
        if (Crossing(result, start) is not { } crossing)
        {
            return null;
        }

        int?[] n95 = new int?[draws];
        for (int draw = 1; draw <= draws; draw++)
        {
            var points = result.Draws
                .Where(point => point.Start == start && point.Draw == draw)
                .Where(point => point.N >= crossing / Trusted && point.N <= crossing * Trusted)
                .Select(point => new AccuracyPoint(point.N, point.Accuracy))
                .ToList();
            n95[draw - 1] = Cross(points);
        }

        return n95.Any(n => n is not null) ? new(start, n95) : null;
    }

    /// <summary>
    /// Where a straight line through some points, log error against log n, reaches the goal; null where they do not
    /// tell.
    /// </summary>
    public static int? Cross(IReadOnlyList<AccuracyPoint> points)
    {
        var logs = points.Where(point => point.Accuracy is >= 0 and < 1)
            .Select(point => (X: Math.Log(point.N), Y: Math.Log(1 - point.Accuracy)))
            .ToList();
        if (logs.Count < 2)
        {
            return null;
        }

        double meanX = logs.Average(point => point.X);
        double meanY = logs.Average(point => point.Y);
        double variance = logs.Sum(point => (point.X - meanX) * (point.X - meanX));
        double slope = variance == 0 ? 0 : logs.Sum(point => (point.X - meanX) * (point.Y - meanY)) / variance;
        double n = slope < 0 ? Math.Exp(meanX + ((Math.Log(1 - Sweep.Goal) - meanY) / slope)) : double.NaN;
        return n >= points.Min(point => point.N) / Trusted && n <= points.Max(point => point.N) * Trusted
            ? (int)Math.Round(n)
            : null;
    }

    private static int? Crossing(TransferResult result, WeightsStart start) =>
        result.N95(start) ?? result.Points(start).FirstOrDefault(point => point.Accuracy >= Sweep.Goal)?.N;

    private static int Measure(
        Session session,
        TransferTrial trial,
        TransferWriter writer,
        WeightsStart start,
        IReadOnlyList<int> sizes,
        IWatch watch)
    {
        int all = session.Options.Draws * sizes.Count;
        int done = 0;
        for (int draw = TransferTrial.FirstDraw; draw <= session.Options.Draws; draw++)
        {
            foreach (int n in sizes)
            {
                var time = Stopwatch.StartNew();
                string name = $"{Words.Sentence(Words.Of(start))}, draw {draw}, n = {Words.Count(n)}";
                var progress = new PartWatch(watch, name, done, all);
                double accuracy = trial.Accuracy(start, n, progress, draw);
                if (draw != TransferTrial.FirstDraw)
                {
                    watch.Milestone($"  {name}: {Words.Percent(accuracy)}  ({Words.Duration(time.Elapsed)})");
                }

                writer.Add(new DrawPoint(start, draw, n, accuracy));
                done++;
            }
        }

        return done;
    }
}
