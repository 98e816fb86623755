using NanoNet.Assignment.Results;
using static NanoNet.Assignment.Words;

namespace NanoNet.Assignment.Report;

/// <summary>Exercise 4 in words.</summary>
internal static class TransferChapter
{
    // A table of hundreds of steps helps nobody: beyond this many the doublings show the course.
    private const int MostRows = 12;

    public static void Append(Markdown text, ModelKind kind, ModelResults model)
    {
        if (model.Transfer is not { } transfer)
        {
            return;
        }

        string letter = ReportWriter.Letter(kind);
        text.Heading(3, "Exercise 4: transfer learning");
        text.Paragraph($"""
            The digits are {transfer.Data}{Origin(transfer)}: {Count(transfer.Pool)} to draw from, {Count(transfer.TestImages)} to test
            on. For each n the model was trained for {Number(transfer.Epochs, "epoch")} on the same n random digits
            (SGD, learning rate {transfer.LearningRate}, batches of {transfer.Batch}, seed {transfer.Seed}), once with
            all layers starting from the weights learnt on Fashion-MNIST, once from random weights; all layers were
            trained. How large does n need to be for 95 % on the test digits, lastingly, that is, for three consecutive
            steps?
            """);
        text.Items(Enum.GetValues<WeightsStart>().Select(start => $"""
            **{TransferAnswer.Sentence(transfer, start)}** ({Sentence(TransferAnswer.Visited(transfer, start))}.)
            """));
        text.Pictures(
            MadeBy.Transfer(kind, transfer), ("Accuracy by the number of digits", $"transfer-{letter}.png"));
        AppendTable(text, transfer);
        text.Paragraph($"All points are in [transfer-{letter}.csv](transfer-{letter}.csv).");
        ReportWriter.AppendIfOutdated(text, kind, model, model.WeightsUsed.Transfer, "transfer");
    }

    // Whoever compares with the literature must know that these are not MNIST's own test digits.
    private static string Origin(TransferResult transfer) =>
        transfer.Data == "MNIST-10k" ? ", ten thousand digits that are all from MNIST's training half" : "";

    private static void AppendTable(Markdown text, TransferResult transfer)
    {
        var pretrained = transfer.Pretrained.ToDictionary(point => point.N, point => point.Accuracy);
        var scratch = transfer.Scratch.ToDictionary(point => point.N, point => point.Accuracy);
        var sizes = pretrained.Keys.Union(scratch.Keys).Order().ToList();
        bool IsShown(int n) => sizes.Count <= MostRows || int.IsPow2(n / transfer.Step) || n == sizes[^1];
        text.Table(
            ["n", "pretrained", "from scratch"],
            sizes.Where(IsShown).Select(n => new[] { Count(n), Cell(pretrained, n), Cell(scratch, n) }));
    }

    private static string Cell(Dictionary<int, double> points, int n) =>
        points.TryGetValue(n, out double accuracy) ? Percent(accuracy) : "";
}
