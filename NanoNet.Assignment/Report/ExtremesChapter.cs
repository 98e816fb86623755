using NanoNet.Assignment.Results;
using NanoNet.Core.Data;
using static NanoNet.Assignment.Words;

namespace NanoNet.Assignment.Report;

/// <summary>Exercise 3 in words.</summary>
internal static class ExtremesChapter
{
    // −ln of Keras' clip, the largest loss that it reports.
    private const float Ceiling = 16.118f;

    public static void Append(Markdown text, ModelKind kind, ModelResults model)
    {
        if (model.Extremes is not { } extremes)
        {
            return;
        }

        var (loss, probability) = extremes;
        int filled = Cells(loss.Lowest).Count;
        text.Heading(3, "Exercise 3: the most extreme mistakes");
        text.Paragraph($"""
            In {filled} of the 90 cells (true class i, predicted class j) there is at least one mistake.
            The four grids show the most extreme one of each cell{(filled > 0 ? "; of all the cells:" : ".")}
            """);
        if (filled > 0)
        {
            text.Items(
            [
                Item("The lowest loss", Cells(loss.Lowest).MinBy(cell => cell.Mistake.Loss),
                    "the model was nearly right"),
                Item("The highest loss", Cells(loss.Highest).MaxBy(cell => cell.Mistake.Loss),
                    "the true class seemed least likely"),
                Item("The lowest probability of the predicted class",
                    Cells(probability.Lowest).MinBy(cell => cell.Mistake.Probability), "the model could not decide"),
                Item("The highest probability of the predicted class",
                    Cells(probability.Highest).MaxBy(cell => cell.Mistake.Probability), "the most confident mistake"),
            ]);
        }

        AppendClipped(text, loss);
        string letter = ReportWriter.Letter(kind);
        text.Pictures(
            MadeBy.FromModel("extremes", kind, model),
            ("Lowest loss", $"extremes-{letter}-loss-lowest.png"),
            ("Highest loss", $"extremes-{letter}-loss-highest.png"),
            ("Lowest probability", $"extremes-{letter}-probability-lowest.png"),
            ("Highest probability", $"extremes-{letter}-probability-highest.png"));
        ReportWriter.AppendIfOutdated(text, kind, model, model.WeightsUsed.Extremes, "extremes");
    }

    private static string Item(string what, (int I, int J, ExtremeMistake Mistake) cell, string meaning) => $"""
        {what}: test image {cell.Mistake.Index},
        {FashionMnist.ClassNames[cell.I]} taken for {FashionMnist.ClassNames[cell.J]} with a probability of
        {Percent(cell.Mistake.Probability)}, loss {Loss(cell.Mistake.Loss)}: {meaning}.
        """;

    private static void AppendClipped(Markdown text, ExtremeGrids loss)
    {
        int clipped = Cells(loss.Highest).Count(cell => cell.Mistake.Loss >= Ceiling);
        if (clipped > 0)
        {
            text.Paragraph($"""
                Keras clips probabilities at 1e-7, so no loss is above {Ceiling}; the highest losses of
                {Number(clipped, "cell")} reach that ceiling. Among equals the unclipped log-softmax decided.
                """);
        }
    }

    private static List<(int I, int J, ExtremeMistake Mistake)> Cells(ExtremeMistake?[][] grid)
    {
        var cells = new List<(int, int, ExtremeMistake)>();
        for (int i = 0; i < grid.Length; i++)
        {
            for (int j = 0; j < grid[i].Length; j++)
            {
                if (grid[i][j] is { } mistake)
                {
                    cells.Add((i, j, mistake));
                }
            }
        }

        return cells;
    }
}
