using NanoNet.Assignment.Results;
using NanoNet.Core.Data;
using static NanoNet.Assignment.Words;

namespace NanoNet.Assignment.Report;

/// <summary>Exercise 2 in words.</summary>
internal static class ConfusionChapter
{
    private const int Asked = 3;

    public static void Append(Markdown text, ModelKind kind, ModelResults model)
    {
        if (model is not { Confusion: { } confusion, ConfusedPairs: { } pairs })
        {
            return;
        }

        int total = confusion.Sum(row => row.Sum());
        int correct = confusion.Select((row, i) => row[i]).Sum();
        text.Heading(3, "Exercise 2: the confusion matrix");
        text.Paragraph($"""
            Of the {Count(total)} test images {Count(total - correct)} are misclassified.
            The pairs with the three highest symmetric confusion scores, C(i, j) + C(j, i), are:
            """);
        text.Items(pairs.Take(Asked).Select(pair => Item(pair, confusion)), numbered: true);
        AppendTie(text, pairs);
        string letter = ReportWriter.Letter(kind);
        text.Pictures(
            MadeBy.FromModel("confusion", kind, model),
            ("The confusion matrix", $"confusion-{letter}.png"),
            ("In per cent of the true class", $"confusion-{letter}-percent.png"),
            ("The mistakes alone, the three most confused pairs outlined", $"confusion-{letter}-errors.png"),
            ("The most confident mistakes of these pairs", $"pairs-{letter}.png"));
        text.Table(["true \\ predicted", .. FashionMnist.ClassNames], confusion.Select(Row));
        ReportWriter.AppendIfOutdated(text, kind, model, model.WeightsUsed.Confusion, "confusion");
    }

    private static string Item(ConfusedPair pair, int[][] confusion) => $"""
        **{pair.Names[0]} and {pair.Names[1]}: {Count(pair.Score)}**
        ({Number(confusion[pair.I][pair.J], "time")} {pair.Names[0]} taken for {pair.Names[1]},
        {Number(confusion[pair.J][pair.I], "time")} the other way)
        """;

    private static void AppendTie(Markdown text, ConfusedPair[] pairs)
    {
        var tied = pairs.Skip(Asked).Where(pair => pair.Score == pairs[Asked - 1].Score)
            .Select(pair => $"{pair.Names[0]} and {pair.Names[1]}").ToList();
        if (tied.Count > 0)
        {
            text.Paragraph($"The third place is shared with {Words.List(tied)}.");
        }
    }

    private static string[] Row(int[] counts, int label) =>
        [FashionMnist.ClassNames[label], .. counts.Select((count, j) => j == label ? $"**{count}**" : $"{count}")];
}
