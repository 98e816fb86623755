using NanoNet.Assignment.Exercises;
using NanoNet.Assignment.Results;
using static NanoNet.Assignment.Words;

namespace NanoNet.Assignment.Report;

/// <summary>How large n needs to be, in words.</summary>
internal static class TransferAnswer
{
    /// <summary>The answer in a table's cell.</summary>
    public static string Short(TransferResult result, WeightsStart start)
    {
        var points = result.Points(start);
        return (result.N95(start), result.Sweep(start), FirstReaching(points)) switch
        {
            ({ } n95, _, _) => Count(n95),
            (_, SweepKind.Unfinished, _) => "not finished",
            _ when points.Length == 0 => "",
            (_, _, null) => $"more than {Count(points[^1].N)}",
            (_, SweepKind.Listed, { } first) => $"at most about {Count(first)}",
            (_, _, { } first) => $"about {Count(first)}, not confirmed",
        };
    }

    /// <summary>The answer as a sentence on one line.</summary>
    public static string Sentence(TransferResult result, WeightsStart start)
    {
        string subject = start == WeightsStart.Pretrained ? "Pretrained" : "From scratch";
        var points = result.Points(start);
        if (result.Sweep(start) == SweepKind.Unfinished || points.Length == 0)
        {
            return $"{subject}: the sweep was not finished.";
        }

        string sentence = (result.N95(start), result.Sweep(start), FirstReaching(points)) switch
        {
            ({ } n95, _, _) => $"""
                {subject}, n = {Count(n95)} digits are enough for 95 %:
                from there on three consecutive steps reach it.
                """,
            (_, _, null) => $"""
                {subject}, n needs to be more than {Count(points[^1].N)}:
                the best accuracy was {Best(points)}.
                """,
            (_, SweepKind.Listed, { } first) => $"""
                {subject}, {Count(first)} is the first of the n visited that reaches 95 %;
                a sweep of every step would tell the least.
                """,
            (_, _, { } first) => $"""
                {subject}, n = {Count(first)} reaches 95 %,
                but no three consecutive steps up to {Count(points[^1].N)} do.
                """,
        };
        return sentence.ReplaceLineEndings(" ");
    }

    /// <summary>Which n were visited.</summary>
    public static string Visited(TransferResult result, WeightsStart start) => result.Sweep(start) switch
    {
        SweepKind.EveryStep => $"every step of {Count(result.Step)} was visited",
        SweepKind.Bracketed => $"""
            doublings from {Count(result.Step)} and straight lines between them led to the crossing, and the steps of
            {Count(result.Step)} around it were filled in: every step would usually be more than ten minutes' work
            """,
        SweepKind.Listed => $"""
            only n = {Words.List([.. result.Points(start).Select(point => Count(point.N))])} were visited
            """,
        _ => "the sweep was not finished",
    };

    /// <summary>How far the answer differs between draws, in words.</summary>
    public static string Spread(TransferResult result, WeightsStart start)
    {
        string subject = start == WeightsStart.Pretrained ? "Pretrained" : "From scratch";
        if (result.Spread.FirstOrDefault(spread => spread.Start == start) is { } spread)
        {
            int?[] known = [.. spread.N95.Where(n => n is not null)];
            string each = Words.List([.. spread.N95.Select(n => n is { } value ? Count(value) : "no crossing near")]);
            return $"{subject}, each draw alone would put the crossing of 95 % at n = {each}"
                + (known.Length < 2
                    ? "."
                    : $": {Count((long)known.Average()!.Value)} ± {Count(Deviation(known))} (standard deviation).");
        }

        var points = result.Draws.Where(point => point.Start == start).ToList();
        if (points.Count == 0)
        {
            return "";
        }

        int largest = points.Max(point => point.N);
        var last = points.Where(point => point.N == largest).Select(point => point.Accuracy).ToList();
        return $"{subject}, at n = {Count(largest)} they lie between {Percent(last.Min())} and {Percent(last.Max())}.";
    }

    private static long Deviation(int?[] values)
    {
        double mean = values.Average()!.Value;
        double squares = values.Sum(value => (value!.Value - mean) * (value.Value - mean));
        return (long)Math.Round(Math.Sqrt(squares / (values.Length - 1)));
    }

    private static string Best(AccuracyPoint[] points)
    {
        var best = points.MaxBy(point => point.Accuracy)!;
        return $"{Percent(best.Accuracy)}, at n = {Count(best.N)}";
    }

    private static int? FirstReaching(AccuracyPoint[] points) =>
        points.FirstOrDefault(point => point.Accuracy >= Sweep.Goal)?.N;
}
