using NanoNet.Assignment.Plots;
using NanoNet.Assignment.Results;

namespace NanoNet.Assignment.Exercises;

/// <summary>
/// Exercise 2: the confusion matrix C of the test set, C[i, j] images of class i classified as class j, and the pairs
/// {i, j} with the highest symmetric confusion scores C[i, j] + C[j, i].
/// </summary>
internal static class Confusion
{
    private const int Shown = 3;

    public static void Run(Session session, ModelKind kind)
    {
        session.Screen.Head($"Exercise 2, Model {kind}: the confusion matrix");
        var names = session.Fashion.Test.ClassNames;
        var predictions = session.PredictionsOf(kind);
        int[,] counts = Count(predictions);
        var pairs = RankPairs(counts, names);
        session.Update(kind, results => results with
        {
            Confusion = Rows(counts),
            ConfusedPairs = pairs,
            WeightsUsed = results.WeightsUsed with { Confusion = predictions.Weights },
        });
        ConfusionFigure.Save(session.Output.ConfusionPicture(kind), $"Model {kind}", counts, names);
        ConfusionFigure.SaveShares(session.Output.SharesPicture(kind), $"Model {kind}", counts, names);
        var top = pairs.Take(Shown).ToList();
        ConfusionFigure.SaveErrors(
            session.Output.ErrorsPicture(kind), $"Model {kind}", counts, names,
            [.. top.Select(pair => (pair.I, pair.J))]);
        var mistakes = Mistake.All(predictions);
        PairsFigure.Save(
            session.Output.PairsPicture(kind), $"Model {kind}", [.. top.Select(pair => Strip(pair, mistakes))],
            index => session.Fashion.Test.Image(index), names);
        foreach (var pair in top)
        {
            string times = Words.Number(pair.Score, "time");
            session.Screen.Say($"  {pair.Names[0]} and {pair.Names[1]}: mistaken for one another {times}");
        }
    }

    /// <summary>[i, j]: how many images of class i were classified as class j.</summary>
    public static int[,] Count(Predictions predictions)
    {
        int[,] counts = new int[predictions.Classes, predictions.Classes];
        for (int index = 0; index < predictions.Count; index++)
        {
            counts[predictions.Label(index), predictions.Predicted(index)]++;
        }

        return counts;
    }

    /// <summary>All unordered pairs, the highest score first; equal ones by their classes.</summary>
    public static ConfusedPair[] RankPairs(int[,] counts, IReadOnlyList<string> names)
    {
        var pairs = new List<ConfusedPair>();
        for (int i = 0; i < names.Count; i++)
        {
            for (int j = i + 1; j < names.Count; j++)
            {
                pairs.Add(new(i, j, [names[i], names[j]], counts[i, j] + counts[j, i]));
            }
        }

        return [.. pairs.OrderByDescending(pair => pair.Score)];
    }

    /// <summary>A pair's mistakes, both ways, of which the model was most sure.</summary>
    public static PairStrip Strip(ConfusedPair pair, IEnumerable<Mistake> mistakes)
    {
        var between = mistakes
            .Where(mistake => (mistake.Label, mistake.Predicted) is var (i, j)
                && ((i, j) == (pair.I, pair.J) || (i, j) == (pair.J, pair.I)))
            .OrderByDescending(mistake => mistake.ByProbability)
            .Take(PairsFigure.MostInAStrip)
            .Select(mistake => new ConfidentMistake(
                mistake.Index, mistake.Label, mistake.Predicted, mistake.Probability));
        return new(pair.I, pair.J, pair.Score, [.. between]);
    }

    private static int[][] Rows(int[,] counts)
    {
        var classes = Enumerable.Range(0, counts.GetLength(0)).ToList();
        return [.. classes.Select(i => classes.Select(j => counts[i, j]).ToArray())];
    }
}
