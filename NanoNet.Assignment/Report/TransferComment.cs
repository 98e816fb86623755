using System.Globalization;
using NanoNet.Assignment.Results;
using static NanoNet.Assignment.Words;

namespace NanoNet.Assignment.Report;

/// <summary>The comment on the effectiveness of transfer learning, from the figures of the run.</summary>
internal static class TransferComment
{
    /// <summary>Half a point: such differences other draws can turn round.</summary>
    private const double Negligible = 0.005;

    /// <summary>Adds the comment when at least one model was retrained.</summary>
    public static void Append(Markdown text, RunResults results)
    {
        var retrained = new List<(ModelKind Kind, TransferResult Transfer, IReadOnlyList<AccuracyGain> Gains)>();
        foreach (var kind in Enum.GetValues<ModelKind>())
        {
            if (results.Models[kind]?.Transfer is { } transfer && AccuracyGain.Of(transfer) is { Count: > 0 } gains)
            {
                retrained.Add((kind, transfer, gains));
            }
        }

        if (retrained.Count == 0)
        {
            return;
        }

        text.Heading(2, "How effective is transfer learning here?");
        foreach (var (kind, transfer, gains) in retrained)
        {
            text.Paragraph($"""
                **Model {kind}.** Starting from the weights learnt on Fashion-MNIST is better than a random start at
                {Extent(gains)}: {Course(gains)}. {Saving(transfer)} {Converged(transfer)}
                """.TrimEnd());
        }

        if (retrained is [var (_, a, gainsOfA), var (_, b, gainsOfB)])
        {
            text.Paragraph(Comparison(gainsOfA, gainsOfB));
            string epochs = a.Epochs == b.Epochs
                ? $"Both models were trained for {Number(a.Epochs, "epoch")} at each n"
                : $"Model A was trained for {Number(a.Epochs, "epoch")} at each n, Model B for {b.Epochs}";
            text.Paragraph($"""
                {epochs}, which is few steps where n is small: part of any gain is a head start in steps, not knowledge
                of images alone.
                """);
        }
    }

    private static string Extent(IReadOnlyList<AccuracyGain> gains)
    {
        int better = gains.Count(gain => gain.Mean > 0);
        string extent = better == gains.Count ? "every n visited with both"
            : better == 0 ? "no n visited with both"
            : $"{better} of the {gains.Count} n visited with both";
        return gains.Any(gain => gain.ByDraw.Count > 1) ? $"{extent} (of several draws the mean counts)" : extent;
    }

    private static string Course(IReadOnlyList<AccuracyGain> gains)
    {
        var (first, last, best) = (gains[0], gains[^1], gains.MaxBy(gain => gain.Mean)!);
        string course = $"it changes the accuracy by {At(first)}"
            + (gains.Count > 1 ? $" and by {At(last)}" : "");
        return best == first || best == last ? course : $"{course}, at best by {At(best)}";
    }

    private static string At(AccuracyGain gain) => $"{Points(gain.Mean)} at n = {Count(gain.N)}"
        + (gain.ByDraw.Count > 1
            ? $" (between {Signed(gain.ByDraw.Min())} and {Signed(gain.ByDraw.Max())} in {gain.ByDraw.Count} draws)"
            : "");

    private static string Saving(TransferResult transfer)
    {
        string pretrained = TransferAnswer.Short(transfer, WeightsStart.Pretrained);
        string scratch = TransferAnswer.Short(transfer, WeightsStart.Scratch);
        return (transfer.N95Pretrained, transfer.N95Scratch) switch
        {
            ({ } few, { } many) when few < many =>
                $"For 95 % it takes {pretrained} digits instead of {scratch}: {Count(many - few)} fewer, "
                + $"or {Percent(1 - ((double)few / many), 0)}.",
            ({ } same, { } other) when same == other =>
                $"For 95 % it takes {pretrained} digits either way: nothing is saved.",
            ({ }, { }) => $"For 95 % it takes {pretrained} digits instead of {scratch}: here it does harm.",
            ({ }, null) => $"For 95 % it takes {pretrained} digits; from scratch the answer is: {scratch}.",
            (null, { }) =>
                $"From scratch {scratch} digits are enough for 95 %; pretrained the answer is: {pretrained}.",
            (null, null) => $"""
                How many digits it saves on the way to 95 % this run does not tell: pretrained the answer is
                {pretrained}, from scratch {scratch}.
                """,
        };
    }

    /// <summary>What is left of the gain when both starts are trained until converged.</summary>
    private static string Converged(TransferResult transfer)
    {
        var scratch = transfer.Converged.Where(point => point.Start == WeightsStart.Scratch);
        var pairs = transfer.Converged.Where(point => point.Start == WeightsStart.Pretrained)
            .Join(scratch, point => point.N, point => point.N, (one, other) =>
                (one.N, Gain: one.Accuracy - other.Accuracy, Reached: one.Reached && other.Reached))
            .ToList();
        if (pairs.Count == 0)
        {
            return "";
        }

        var gains = AccuracyGain.Of(transfer).ToDictionary(gain => gain.N);
        string epochs = Number(transfer.Epochs, "epoch");
        var parts = pairs.Select(pair => $"{Points(pair.Gain)} at n = {Count(pair.N)}"
            + (gains.TryGetValue(pair.N, out var before) ? $" (after {epochs} {Points(before.ByDraw[0])})" : "")
            + (pair.Reached ? "" : ", though not both had converged"));
        return $"With training until converged the change is, in the first draw, {List([.. parts])}. "
            + Verdict(
            [
                .. pairs.Where(pair => pair.Reached && gains.GetValueOrDefault(pair.N)?.Mean > Negligible)
                    .Select(pair => pair.Gain),
            ]);
    }

    /// <summary>Whether learnt weights that were ahead help those who train for as long as it takes, too.</summary>
    private static string Verdict(double[] converged) =>
        converged.Length == 0 ? ""
        : converged.Max() <= Negligible
            ? "So the lead there is one of steps, not of knowledge: trained on, a random start does as well."
        : converged.Min() > Negligible ? "So there learnt weights help even those who train for as long as it takes."
        : "";

    private static string Comparison(IReadOnlyList<AccuracyGain> a, IReadOnlyList<AccuracyGain> b)
    {
        var common = a.Join(b, gain => gain.N, gain => gain.N, (one, other) => (A: one.Mean, B: other.Mean)).ToList();
        if (common.Count == 0)
        {
            return "The two models have no n in common, so their gains cannot be compared.";
        }

        double meanOfA = common.Average(gain => gain.A);
        double meanOfB = common.Average(gain => gain.B);
        string verdict = Math.Max(meanOfA, meanOfB) <= 0
            ? "neither gains from the learnt weights"
            : $"Model {(meanOfA > meanOfB ? "A" : "B")} gains more from the learnt weights";
        return $"""
            Over the {common.Count} n visited with both models the gain is {Points(meanOfA)} for Model A and
            {Points(meanOfB)} for Model B on average: {verdict}.
            """;
    }

    /// <summary>A difference of accuracies: +12.3 points.</summary>
    private static string Points(double difference) => Signed(difference) + " points";

    private static string Signed(double difference) =>
        (100 * difference).ToString("+0.0;−0.0;0.0", CultureInfo.InvariantCulture);
}
