using System.Text;
using NanoNet.Assignment.Results;
using NanoNet.Core.Data;

namespace NanoNet.Assignment.Report;

/// <summary>Exercise 2 in words.</summary>
internal static class ConfusionChapter
{
    private const int Asked = 3;

    public static void Append(StringBuilder text, ModelKind kind, ModelResults model)
    {
        if (model is not { Confusion: { } confusion, ConfusedPairs: { } pairs })
        {
            return;
        }

        string letter = kind == ModelKind.A ? "a" : "b";
        int total = confusion.Sum(row => row.Sum());
        int correct = confusion.Select((row, i) => row[i]).Sum();
        text.AppendLine();
        text.AppendLine("### Exercise 2: the confusion matrix");
        text.AppendLine();
        text.AppendLine($"Of the {Words.Count(total)} test images {Words.Count(total - correct)} are misclassified. The pairs with the three "
            + "highest symmetric confusion scores, C(i, j) + C(j, i), are:");
        text.AppendLine();
        for (int rank = 0; rank < Math.Min(Asked, pairs.Length); rank++)
        {
            var pair = pairs[rank];
            var (first, second) = (pair.Names[0], pair.Names[1]);
            text.AppendLine($"{rank + 1}. **{first} and {second}: {Words.Count(pair.Score)}** ({Words.Count(confusion[pair.I][pair.J])} "
                + $"times {first} taken for {second}, {Words.Count(confusion[pair.J][pair.I])} times the other way)");
        }

        AppendTie(text, pairs);
        text.AppendLine();
        text.AppendLine($"![The confusion matrix](confusion-{letter}.png)");
        text.AppendLine($"![The mistakes alone](confusion-{letter}-errors.png)");
        AppendMatrix(text, confusion);
        ReportWriter.AppendIfOutdated(text, kind, model, model.WeightsUsed.Confusion, "confusion");
    }

    private static void AppendTie(StringBuilder text, ConfusedPair[] pairs)
    {
        var tied = pairs.Skip(Asked).Where(pair => pair.Score == pairs[Asked - 1].Score)
            .Select(pair => $"{pair.Names[0]} and {pair.Names[1]}").ToList();
        if (tied.Count > 0)
        {
            text.AppendLine();
            text.AppendLine($"The third place is shared with {Words.List(tied)}.");
        }
    }

    private static void AppendMatrix(StringBuilder text, int[][] confusion)
    {
        var names = FashionMnist.ClassNames;
        text.AppendLine();
        text.AppendLine($"| true \\ predicted | {string.Join(" | ", names)} |");
        text.AppendLine($"|---|{string.Concat(names.Select(_ => "---:|"))}");
        for (int i = 0; i < confusion.Length; i++)
        {
            text.AppendLine($"| {names[i]} | {string.Join(" | ", confusion[i].Select((count, j) => i == j ? $"**{count}**" : $"{count}"))} |");
        }
    }
}
