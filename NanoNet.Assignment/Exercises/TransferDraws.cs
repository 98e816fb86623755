using NanoNet.Assignment.CommandLine;
using NanoNet.Assignment.Results;
using NanoNet.Assignment.Terminal;

namespace NanoNet.Assignment.Exercises;

/// <summary>
/// How much of exercise 4 is chance: some n again with other draws, which are other digits, other random weights, other
/// orders and dropout masks. At the doublings they show the spread of the curve, around the crossing that of the
/// answer. A training that the sweep did already is not done again.
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

        int largest = result.LargestN / result.Step * result.Step;
        bool isCheap = result.Sweep(start) == SweepKind.EveryStep;
        if (Crossing(result, start) is not { } crossing)
        {
            // Nobody knows where to look: only what is cheap.
            return Doublings(visited[^1].N / 4.0);
        }

        // Where a training is dear, the crossing itself must do: how steep the curve is there, the sweep has shown.
        var around = (isCheap ? Around : [1])
            .Select(share => (int)Math.Round(share * crossing / result.Step) * result.Step)
            .Select(n => Math.Clamp(n, result.Step, largest));
        return [.. Doublings(crossing * (isCheap ? Around[0] : 0.25)).Concat(around).Distinct().Order()];

        List<int> Doublings(double end) =>
        [
            .. visited.Select(point => point.N)
                .Where(n => int.IsPow2(n / result.Step) && n <= Math.Max(result.Step, end)),
        ];
    }

    /// <summary>Where each draw alone would put the crossing; null where there is none to speak of.</summary>
    public static DrawSpread? Spread(TransferResult result, WeightsStart start, int draws)
    {
        if (Crossing(result, start) is not { } crossing)
        {
            return null;
        }

        // The first draw's curve is the sweep's.
        var points = result.Points(start)
            .Select(point => new DrawPoint(start, TransferTrial.FirstDraw, point.N, point.Accuracy))
            .Concat(result.Draws.Where(point => point.Start == start && point.Draw <= draws))
            .DistinctBy(point => (point.Draw, point.N))
            .Where(point => point.N >= crossing / Trusted && point.N <= crossing * Trusted);
        var crossings = Cross(points);
        int?[] n95 = [.. Enumerable.Range(1, draws).Select(draw => crossings.GetValueOrDefault(draw))];
        return n95.Any(n => n is not null) ? new(start, n95) : null;
    }

    /// <summary>
    /// Where straight lines through the points, log error against log n, reach the goal: one line for each draw, all of
    /// one slope, which so few points tell better together. Draws of which the points do not tell are left out.
    /// </summary>
    public static Dictionary<int, int?> Cross(IEnumerable<DrawPoint> points)
    {
        var draws = points.Where(point => point.Accuracy is >= 0 and < 1)
            .GroupBy(point => point.Draw, point => (X: Math.Log(point.N), Y: Math.Log(1 - point.Accuracy)))
            .Select(logs => (
                Draw: logs.Key, X: logs.Average(log => log.X), Y: logs.Average(log => log.Y), Logs: logs.ToList()))
            .ToList();
        double variance = draws.Sum(draw => draw.Logs.Sum(log => (log.X - draw.X) * (log.X - draw.X)));
        double slope = draws.Sum(draw => draw.Logs.Sum(log => (log.X - draw.X) * (log.Y - draw.Y))) / variance;
        if (!(slope < 0))
        {
            return [];
        }

        double lowest = draws.Min(draw => draw.Logs.Min(log => log.X)) - Math.Log(Trusted);
        double highest = draws.Max(draw => draw.Logs.Max(log => log.X)) + Math.Log(Trusted);
        return draws
            .Select(draw => (draw.Draw, LogN: draw.X + ((Math.Log(1 - Sweep.Goal) - draw.Y) / slope)))
            .Where(draw => draw.LogN >= lowest && draw.LogN <= highest)
            .ToDictionary(draw => draw.Draw, draw => (int?)(int)Math.Round(Math.Exp(draw.LogN)));
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
                string name = $"{Words.Sentence(Words.Of(start))}, draw {draw}, n = {Words.Count(n)}";
                var progress = new PartWatch(watch, name, done, all);
                double accuracy = trial.Accuracy(start, n, progress, draw);
                if (draw != TransferTrial.FirstDraw)
                {
                    watch.Milestone($"  {name}: {Words.Percent(accuracy)}  ({trial.Took})");
                }

                writer.Add(new DrawPoint(start, draw, n, accuracy));
                done++;
            }
        }

        return done;
    }
}
