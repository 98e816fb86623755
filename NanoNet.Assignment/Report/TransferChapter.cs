using System.Text;
using NanoNet.Assignment.Results;

namespace NanoNet.Assignment.Report;

/// <summary>Exercise 4 in words.</summary>
internal static class TransferChapter
{
    public static void Append(StringBuilder text, ModelKind kind, ModelResults model)
    {
        if (model.Transfer is not { } transfer)
        {
            return;
        }

        string letter = kind == ModelKind.A ? "a" : "b";
        text.AppendLine();
        text.AppendLine("### Exercise 4: transfer learning");
        text.AppendLine();
        text.AppendLine($"The digits are {transfer.Data}: {Words.Count(transfer.Pool)} to draw from, "
            + $"{Words.Count(transfer.TestImages)} to test on. For each n the model was trained for {Words.Number(transfer.Epochs, "epoch")} "
            + $"on the same n random digits (SGD, learning rate {transfer.LearningRate}, batches of {transfer.Batch}, seed {transfer.Seed}), "
            + "once with all layers starting from the weights learnt on Fashion-MNIST, once from random weights; all layers were trained. "
            + "How large does n need to be for 95 % on the test digits, lastingly, that is, for three consecutive steps?");
        text.AppendLine();
        foreach (var start in Enum.GetValues<WeightsStart>())
        {
            text.AppendLine($"- **{TransferAnswer.Sentence(transfer, start)}** ({Words.Sentence(TransferAnswer.Visited(transfer, start))}.)");
        }

        text.AppendLine();
        text.AppendLine($"![Accuracy by the number of digits](transfer-{letter}.png)");
        AppendTable(text, transfer);
        ReportWriter.AppendIfOutdated(text, kind, model, model.WeightsUsed.Transfer, "transfer");
    }

    private static void AppendTable(StringBuilder text, TransferResult transfer)
    {
        // A table of hundreds of steps helps nobody: the doublings show the course, transfer-x.csv has them all.
        const int Rows = 12;
        var pretrained = transfer.Pretrained.ToDictionary(point => point.N, point => point.Accuracy);
        var scratch = transfer.Scratch.ToDictionary(point => point.N, point => point.Accuracy);
        var sizes = pretrained.Keys.Union(scratch.Keys).Order().ToList();
        var shown = sizes.Count <= Rows ? sizes : sizes.Where(n => int.IsPow2(n / transfer.Step) || n == sizes[^1]).ToList();
        text.AppendLine();
        text.AppendLine("| n | pretrained | from scratch |");
        text.AppendLine("|---:|---:|---:|");
        foreach (int n in shown)
        {
            text.AppendLine($"| {Words.Count(n)} | {Cell(pretrained, n)} | {Cell(scratch, n)} |");
        }
    }

    private static string Cell(Dictionary<int, double> points, int n) =>
        points.TryGetValue(n, out double accuracy) ? Words.Percent(accuracy) : "";
}
