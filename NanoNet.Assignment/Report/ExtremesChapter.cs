using System.Text;
using NanoNet.Assignment.Results;
using NanoNet.Core.Data;

namespace NanoNet.Assignment.Report;

/// <summary>Exercise 3 in words.</summary>
internal static class ExtremesChapter
{
    // −ln of Keras' clip, the largest loss that it reports.
    private const float Ceiling = 16.118f;

    public static void Append(StringBuilder text, ModelKind kind, ModelResults model)
    {
        if (model.Extremes is not { } extremes)
        {
            return;
        }

        string letter = kind == ModelKind.A ? "a" : "b";
        int filled = Cells(extremes.Loss.Lowest).Count;
        text.AppendLine();
        text.AppendLine("### Exercise 3: the most extreme mistakes");
        text.AppendLine();
        text.AppendLine($"In {filled} of the 90 cells (true class i, predicted class j) there is at least one mistake. The four grids show "
            + "the most extreme one of each cell; of all the cells:");
        text.AppendLine();
        if (filled > 0)
        {
            AppendExtreme(text, "The lowest loss", Cells(extremes.Loss.Lowest).MinBy(cell => cell.Mistake.Loss),
                "the model was nearly right");
            AppendExtreme(text, "The highest loss", Cells(extremes.Loss.Highest).MaxBy(cell => cell.Mistake.Loss),
                "the true class seemed least likely");
            AppendExtreme(text, "The lowest probability of the predicted class",
                Cells(extremes.Probability.Lowest).MinBy(cell => cell.Mistake.Probability), "the model could not decide");
            AppendExtreme(text, "The highest probability of the predicted class",
                Cells(extremes.Probability.Highest).MaxBy(cell => cell.Mistake.Probability), "the most confident mistake");
        }

        AppendClipped(text, extremes);
        text.AppendLine();
        foreach (var (quantity, end) in (ReadOnlySpan<(string, string)>)
            [("loss", "lowest"), ("loss", "highest"), ("probability", "lowest"), ("probability", "highest")])
        {
            text.AppendLine($"![{Words.Sentence(end)} {quantity}](extremes-{letter}-{quantity}-{end}.png)");
        }

        ReportWriter.AppendIfOutdated(text, kind, model, model.WeightsUsed.Extremes, "extremes");
    }

    private static void AppendExtreme(StringBuilder text, string what, (int I, int J, ExtremeMistake Mistake) cell, string meaning)
    {
        var names = FashionMnist.ClassNames;
        text.AppendLine($"- {what}: test image {cell.Mistake.Index}, {names[cell.I]} taken for {names[cell.J]} with a probability of "
            + $"{Words.Percent(cell.Mistake.Probability)}, loss {Words.Loss(cell.Mistake.Loss)}: {meaning}.");
    }

    private static void AppendClipped(StringBuilder text, ExtremesResult extremes)
    {
        int clipped = Cells(extremes.Loss.Highest).Count(cell => cell.Mistake.Loss >= Ceiling);
        if (clipped > 0)
        {
            text.AppendLine();
            text.AppendLine($"Keras clips probabilities at 1e-7, so no loss is above {Ceiling}; the highest losses of "
                + $"{Words.Number(clipped, "cell")} reach that ceiling. Among equals the unclipped log-softmax decided.");
        }
    }

    private static List<(int I, int J, ExtremeMistake Mistake)> Cells(ExtremeMistake?[][] grid) =>
        [.. grid.SelectMany((row, i) => row.Select((mistake, j) => (i, j, mistake))).Where(cell => cell.mistake is not null)
            .Select(cell => (cell.i, cell.j, cell.mistake!))];
}
