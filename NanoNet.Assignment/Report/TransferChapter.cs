using NanoNet.Assignment.Results;
using static NanoNet.Assignment.Words;

namespace NanoNet.Assignment.Report;

/// <summary>Exercise 4 in words.</summary>
internal static class TransferChapter
{
    // A table of hundreds of steps helps nobody: beyond this many the doublings show the course.
    private const int MostRows = 12;

    private const string Line = " Straight lines through the points around the crossing, on the picture's axes, one for "
        + "each draw and all of one slope, tell where a draw alone would put it; to reach it in "
        + "three consecutive steps asks for a little more.";

    public static void Append(Markdown text, ModelKind kind, ModelResults model)
    {
        if (model.Transfer is not { } transfer)
        {
            return;
        }

        string letter = ReportWriter.Letter(kind);
        text.Heading(3, "Exercise 4: transfer learning");
        text.Paragraph($"""
            The digits are {transfer.Data}{Origin(transfer)}: {Count(transfer.Pool)} to draw from,
            {Count(transfer.TestImages)} to test on. For each n the model was trained for {Number(transfer.Epochs, "epoch")} on the same n random digits
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
        AppendSpread(text, transfer);
        AppendConverged(text, transfer);
        text.Paragraph($"All points are in [transfer-{letter}.csv](transfer-{letter}.csv).");
        ReportWriter.AppendIfOutdated(text, kind, model, model.WeightsUsed.Transfer, "transfer");
    }

    private static void AppendSpread(Markdown text, TransferResult transfer)
    {
        if (transfer.DrawCount == 1)
        {
            return;
        }

        string line = transfer.Spread.Length == 0 ? "" : Line;
        var spreads = Enum.GetValues<WeightsStart>().Select(start => TransferAnswer.Spread(transfer, start));
        text.Paragraph($"""
            How much of this is chance? {Number(transfer.DrawCount, "random draw")}, each with digits, random weights,
            orders and dropout masks of its own, were made at some n; the bars and bands of the picture reach from the
            lowest to the highest.{line} {string.Join(' ', spreads)}
            """);
    }

    private static void AppendConverged(Markdown text, TransferResult transfer)
    {
        if (transfer.Converged.Length == 0)
        {
            return;
        }

        text.Paragraph($"""
            What does a fixed number of epochs do to small n? It gives them few steps:
            {Number(transfer.Epochs, "epoch")} on {Count(transfer.Converged[0].N)} digits are
            {Count(transfer.Epochs * StepsOf(transfer, transfer.Converged[0].N))}. Here the same trainings went on until
            the loss on their own digits, without dropout, was at most {Exercises.TransferTrial.ConvergedLoss}, or the
            steps ran out (diamonds in the picture):
            """);
        text.Table(
            ["n", "start", $"accuracy after {Number(transfer.Epochs, "epoch")}", "trained on", "steps", "converged"],
            transfer.Converged.Select(point => new[]
            {
                Count(point.N), Of(point.Start), AfterEpochs(transfer, point), Percent(point.Accuracy),
                Count(point.Steps), point.Reached ? "yes" : $"no, loss {Loss(point.Loss)}",
            }));
    }

    private static int StepsOf(TransferResult transfer, int n) => (n + transfer.Batch - 1) / transfer.Batch;

    private static string AfterEpochs(TransferResult transfer, ConvergedPoint point) =>
        transfer.Points(point.Start).FirstOrDefault(other => other.N == point.N) is { } fixedEpochs
            ? Percent(fixedEpochs.Accuracy)
            : "";

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
