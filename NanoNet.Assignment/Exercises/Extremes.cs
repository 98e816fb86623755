using NanoNet.Assignment.Plots;
using NanoNet.Assignment.Results;

namespace NanoNet.Assignment.Exercises;

/// <summary>
/// Exercise 3: for each ordered pair (i, j) the image of class i mistakenly classified as class j whose categorical
/// cross-entropy, or whose predicted probability of class j, is the lowest or highest; four grids in all.
/// </summary>
internal static class Extremes
{
    public static void Run(Session session, ModelKind kind)
    {
        session.Screen.Head($"Exercise 3, Model {kind}: the most extreme mistakes");
        var predictions = session.PredictionsOf(kind);
        var mistakes = Mistake.All(predictions);
        int classes = session.Fashion.Test.ClassNames.Count;
        var extremes = Find(mistakes, classes);
        session.Update(kind, results => results with
        {
            Extremes = extremes,
            WeightsUsed = results.WeightsUsed with { Extremes = predictions.Weights },
        });
        foreach (var extreme in Enum.GetValues<Extreme>())
        {
            Draw(session, kind, extreme, extremes[extreme]);
        }

        int filled = extremes.Loss.Lowest.Sum(row => row.Count(cell => cell is not null));
        int all = classes * (classes - 1);
        string count = Words.Number(mistakes.Count, "mistake");
        session.Screen.Say($"  {count} in {filled} of the {all} cells; four grids drawn.");
    }

    /// <summary>The four grids.</summary>
    /// <remarks>
    /// Equal losses, such as those at Keras' clip, and equal probabilities are told apart by what the unclipped
    /// log-softmax says of the same quantity, in the same direction; then the image that comes first in the test set is
    /// taken.
    /// </remarks>
    public static ExtremesResult Find(IReadOnlyList<Mistake> mistakes, int classes)
    {
        var labels = Enumerable.Range(0, classes).ToList();
        var cells = mistakes.ToLookup(mistake => (mistake.Label, mistake.Predicted));

        ExtremeMistake?[][] Grid(Func<IEnumerable<Mistake>, Mistake?> choose) =>
            [.. labels.Select(i => labels.Select(j => choose(cells[(i, j)])?.Written).ToArray())];

        // MinBy and MaxBy keep the first of equals: the lower index.
        return new(
            Loss: new(
                Lowest: Grid(cell => cell.MinBy(mistake => mistake.ByLoss)),
                Highest: Grid(cell => cell.MaxBy(mistake => mistake.ByLoss))),
            Probability: new(
                Lowest: Grid(cell => cell.MinBy(mistake => mistake.ByProbability)),
                Highest: Grid(cell => cell.MaxBy(mistake => mistake.ByProbability))));
    }

    private static void Draw(Session session, ModelKind kind, Extreme extreme, ExtremeMistake?[][] grid)
    {
        bool isLoss = extreme is Extreme.LowestLoss or Extreme.HighestLoss;
        var test = session.Fashion.Test;
        var cells = new (int Index, float Value)?[grid.Length, grid.Length];
        for (int i = 0; i < grid.Length; i++)
        {
            for (int j = 0; j < grid.Length; j++)
            {
                cells[i, j] = grid[i][j] is { } mistake
                    ? (mistake.Index, isLoss ? mistake.Loss : mistake.Probability)
                    : null;
            }
        }

        ExtremesFigure.Save(
            session.Output.ExtremesPicture(kind, extreme), $"Model {kind}", extreme, cells, index => test.Image(index),
            test.ClassNames);
    }
}
