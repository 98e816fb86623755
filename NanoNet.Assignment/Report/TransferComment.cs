using System.Globalization;
using System.Text;
using NanoNet.Assignment.Results;

namespace NanoNet.Assignment.Report;

/// <summary>The comment on the effectiveness of transfer learning, from the figures of the run.</summary>
internal static class TransferComment
{
    /// <summary>Adds the comment when at least one model was retrained.</summary>
    public static void Append(StringBuilder text, RunResults results)
    {
        var retrained = Enum.GetValues<ModelKind>().Where(kind => Gains(results.Models[kind]?.Transfer).Count > 0).ToList();
        if (retrained.Count == 0)
        {
            return;
        }

        text.AppendLine();
        text.AppendLine("## How effective is transfer learning here?");
        foreach (var kind in retrained)
        {
            text.AppendLine();
            text.AppendLine(Comment(kind, results.Models[kind]!.Transfer!));
        }

        if (retrained.Count == 2)
        {
            text.AppendLine();
            text.AppendLine(Comparison(results.Models.A!.Transfer!, results.Models.B!.Transfer!));
        }
    }

    private static string Comment(ModelKind kind, TransferResult transfer)
    {
        var gains = Gains(transfer);
        var best = gains.MaxBy(gain => gain.Gain);
        var (first, last) = (gains[0], gains[^1]);
        int better = gains.Count(gain => gain.Gain > 0);
        string overall = better == gains.Count ? $"is better than a random start at every n visited with both"
            : better == 0 ? "is better than a random start at no n visited with both"
            : $"is better than a random start at {better} of the {gains.Count} n visited with both";
        string course = gains.Count == 1
            ? $"at n = {Words.Count(first.N)} it changes the accuracy by {Points(first.Gain)}"
            : $"it changes the accuracy by {Points(first.Gain)} at n = {Words.Count(first.N)} and by {Points(last.Gain)} at n = "
                + $"{Words.Count(last.N)}, at most by {Points(best.Gain)} at n = {Words.Count(best.N)}";
        return $"**Model {kind}.** Starting from the weights learnt on Fashion-MNIST {overall}: {course}. {Saving(transfer)}";
    }

    private static string Saving(TransferResult transfer) => (transfer.N95Pretrained, transfer.N95Scratch) switch
    {
        ({ } pretrained, { } scratch) when pretrained < scratch =>
            $"For 95 % it takes {Words.Count(pretrained)} digits instead of {Words.Count(scratch)}, {Ratio(scratch, pretrained)} times fewer.",
        ({ } pretrained, { } scratch) when pretrained == scratch =>
            $"For 95 % it takes {Words.Count(pretrained)} digits either way: nothing is saved.",
        ({ } pretrained, { } scratch) =>
            $"For 95 % it takes {Words.Count(pretrained)} digits, more than the {Words.Count(scratch)} from scratch: here it does harm.",
        ({ } pretrained, null) =>
            $"For 95 % it takes {Words.Count(pretrained)} digits; from scratch {Lower(transfer, WeightsStart.Scratch)}.",
        (null, { } scratch) =>
            $"From scratch {Words.Count(scratch)} digits are enough for 95 %; pretrained {Lower(transfer, WeightsStart.Pretrained)}: here it "
            + "does harm.",
        _ => $"How many digits it saves on the way to 95 % this run does not tell: pretrained {Lower(transfer, WeightsStart.Pretrained)}, "
            + $"from scratch {Lower(transfer, WeightsStart.Scratch)}.",
    };

    private static string Comparison(TransferResult a, TransferResult b)
    {
        var common = Gains(a).Join(Gains(b), gain => gain.N, gain => gain.N, (gainA, gainB) => (gainA.N, A: gainA.Gain, B: gainB.Gain)).ToList();
        if (common.Count == 0)
        {
            return "The two models have no n in common, so their gains cannot be compared.";
        }

        double meanA = common.Average(gain => gain.A);
        double meanB = common.Average(gain => gain.B);
        string more = meanA > meanB ? "Model A" : "Model B";
        return $"Over the {Words.Number(common.Count, "n")} visited with both models the gain is {Points(meanA)} for Model A and "
            + $"{Points(meanB)} for Model B on average, so {more} profits more from what it learnt on garments. Each training made "
            + $"{Words.Number(a.Epochs, "epoch")}, that is few steps where n is small: part of the gain is a head start in steps, not "
            + "only knowledge of images.";
    }

    private static string Lower(TransferResult transfer, WeightsStart start)
    {
        string answer = TransferAnswer.Short(transfer, start);
        return answer.StartsWith("more than", StringComparison.Ordinal) ? $"it would take {answer}" : $"the answer is: {answer}";
    }

    private static string Ratio(int larger, int smaller) => ((double)larger / smaller).ToString("F1", CultureInfo.InvariantCulture);

    /// <summary>A difference of accuracies: +12.3 points.</summary>
    private static string Points(double difference) =>
        (100 * difference).ToString("+0.0;−0.0;0.0", CultureInfo.InvariantCulture) + " points";

    private static List<(int N, double Gain)> Gains(TransferResult? transfer)
    {
        if (transfer is null)
        {
            return [];
        }

        var scratch = transfer.Scratch.ToDictionary(point => point.N, point => point.Accuracy);
        return [.. transfer.Pretrained.Where(point => scratch.ContainsKey(point.N)).Select(point => (point.N, point.Accuracy - scratch[point.N]))];
    }
}
