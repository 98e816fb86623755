using NanoNet.Assignment.Results;

namespace NanoNet.Assignment.Report;

/// <summary>How large n needs to be, in words.</summary>
internal static class TransferAnswer
{
    /// <summary>The answer in a table's cell.</summary>
    public static string Short(TransferResult result, WeightsStart start)
    {
        var points = result.Points(start);
        return (result.N95(start), result.Sweep(start)) switch
        {
            ({ } n95, _) => Words.Count(n95),
            (_, SweepKind.Unfinished) => "not finished",
            _ when points.Length == 0 => "",
            _ when IsMissedEverywhere(points) => $"more than {Words.Count(points[^1].N)}",
            (_, SweepKind.Listed) => $"at most about {Words.Count(FirstReaching(points)!.Value)}",
            _ => $"about {Words.Count(FirstReaching(points)!.Value)}, not confirmed",
        };
    }

    /// <summary>The answer as a sentence.</summary>
    public static string Sentence(TransferResult result, WeightsStart start)
    {
        string subject = start == WeightsStart.Pretrained ? "Pretrained" : "From scratch";
        var points = result.Points(start);
        if (result.Sweep(start) == SweepKind.Unfinished || points.Length == 0)
        {
            return $"{subject}: the sweep was not finished.";
        }

        if (result.N95(start) is { } n95)
        {
            return $"{subject}, n = {Words.Count(n95)} digits are enough for 95 %: from there on three consecutive steps reach it.";
        }

        if (IsMissedEverywhere(points))
        {
            var best = points.MaxBy(point => point.Accuracy)!;
            return $"{subject}, n needs to be more than {Words.Count(points[^1].N)}: the best accuracy was {Words.Percent(best.Accuracy)}, "
                + $"at n = {Words.Count(best.N)}.";
        }

        int first = FirstReaching(points)!.Value;
        return result.Sweep(start) == SweepKind.Listed
            ? $"{subject}, {Words.Count(first)} is the first of the n visited that reaches 95 %; a sweep of every step would tell the least."
            : $"{subject}, n = {Words.Count(first)} reaches 95 %, but no three consecutive steps up to {Words.Count(points[^1].N)} do.";
    }

    /// <summary>Which n were visited.</summary>
    public static string Visited(TransferResult result, WeightsStart start) => result.Sweep(start) switch
    {
        SweepKind.EveryStep => $"every step of {Words.Count(result.Step)} was visited",
        SweepKind.Bracketed => $"the crossing was bracketed by doubling n from {Words.Count(result.Step)} and bisecting, and the steps of "
            + $"{Words.Count(result.Step)} around it were filled in, since visiting every step would have taken more than ten minutes",
        SweepKind.Listed => $"only n = {Words.List([.. result.Points(start).Select(point => Words.Count(point.N))])} were visited",
        _ => "the sweep was not finished",
    };

    private static bool IsMissedEverywhere(AccuracyPoint[] points) => FirstReaching(points) is null;

    private static int? FirstReaching(AccuracyPoint[] points) =>
        points.FirstOrDefault(point => point.Accuracy >= Exercises.Sweep.Goal)?.N;
}
