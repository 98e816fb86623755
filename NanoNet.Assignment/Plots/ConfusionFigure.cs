using System.Globalization;
using NanoNet.Assignment.Plots.Style;

namespace NanoNet.Assignment.Plots;

/// <summary>A confusion matrix in the manner of scikit-learn's example, whole or its mistakes only.</summary>
public static class ConfusionFigure
{
    /// <summary>Draws the whole matrix: counts, and per cent of the row in smaller type.</summary>
    /// <param name="path">The file; replaced if it exists.</param>
    /// <param name="model">The model's name, such as "Model A".</param>
    /// <param name="counts">[i, j]: how many images of class i were predicted as class j.</param>
    /// <param name="classNames">One name a class.</param>
    /// <exception cref="ArgumentException">The matrix is not square, or the names are not one a class.</exception>
    public static void Save(string path, string model, int[,] counts, IReadOnlyList<string> classNames)
    {
        var grid = new ConfusionGrid(counts, classNames, blankDiagonal: false);
        string note = $"{Numbers.Count(grid.Correct)} of {Numbers.Count(grid.Total)} test images right"
            + (grid.Total == 0 ? "." : $" ({Numbers.Percent((double)grid.Correct / grid.Total, 2)}).")
            + " In each cell: images, and per cent of the true class.";
        float top = Figure.HeaderHeight(note);
        using var figure = new Figure(grid.Width, top + grid.Height + Figure.Margin);
        figure.Header($"{model}: confusion matrix of the test set", note);
        grid.Draw(figure, top);
        figure.Save(path);
    }

    /// <summary>Draws the whole matrix in per cent of the true class: each row sums to 100 %.</summary>
    /// <param name="path">The file; replaced if it exists.</param>
    /// <param name="model">The model's name, such as "Model A".</param>
    /// <param name="counts">[i, j]: how many images of class i were predicted as class j.</param>
    /// <param name="classNames">One name a class.</param>
    /// <exception cref="ArgumentException">The matrix is not square, or the names are not one a class.</exception>
    public static void SaveShares(string path, string model, int[,] counts, IReadOnlyList<string> classNames)
    {
        var grid = new ConfusionGrid(counts, classNames, blankDiagonal: false, asShares: true);
        const string Note = "In each cell: per cent of the true class, so that a row sums to 100 %, and images.";
        float top = Figure.HeaderHeight(Note);
        using var figure = new Figure(grid.Width, top + grid.Height + Figure.Margin);
        figure.Header($"{model}: confusion matrix in per cent of the true class", Note);
        grid.Draw(figure, top);
        figure.Save(path);
    }

    /// <summary>
    /// Draws the mistakes: the diagonal is blank, the colours are scaled to the rest, and pairs of classes are
    /// outlined, numbered and listed below.
    /// </summary>
    /// <param name="path">The file; replaced if it exists.</param>
    /// <param name="model">The model's name, such as "Model A".</param>
    /// <param name="counts">[i, j]: how many images of class i were predicted as class j.</param>
    /// <param name="classNames">One name a class.</param>
    /// <param name="pairs">The pairs to outline, the most confused first, as a rule three; none is fine.</param>
    /// <exception cref="ArgumentException">The matrix is not square, or the names are not one a class.</exception>
    public static void SaveErrors(
        string path,
        string model,
        int[,] counts,
        IReadOnlyList<string> classNames,
        IReadOnlyList<(int I, int J)> pairs)
    {
        const float LineHeight = 24;
        var grid = new ConfusionGrid(counts, classNames, blankDiagonal: true);
        int mistakes = grid.Total - grid.Correct;
        string note = $"{Numbers.Count(mistakes)} of {Numbers.Count(grid.Total)} test images wrong"
            + (grid.Total == 0 ? "." : $" ({Numbers.Percent((double)mistakes / grid.Total, 2)}).")
            + " The diagonal, images classified rightly, is left out; colours are scaled to the mistakes.";
        float top = Figure.HeaderHeight(note);
        float listTop = top + grid.Height + 30;
        float list = pairs.Count == 0 ? 0 : 30 + 20 + (pairs.Count * LineHeight);
        using var figure = new Figure(grid.Width, top + grid.Height + list + Figure.Margin);
        figure.Header($"{model}: mistakes on the test set", note);
        grid.Draw(figure, top);
        for (int rank = 0; rank < pairs.Count; rank++)
            grid.Outline(figure, top, pairs[rank].I, pairs[rank].J, Rank(rank));
        if (pairs.Count > 0)
            figure.Text("Most confused pairs", Figure.Margin, listTop, TextStyle.Axis);
        for (int rank = 0; rank < pairs.Count; rank++)
        {
            float middle = listTop + 25 + (rank * LineHeight);
            (int i, int j) = pairs[rank];
            ConfusionGrid.Badge(figure, Figure.Margin + 9, middle, Rank(rank));
            string text = $"{classNames[i]} and {classNames[j]}: {Numbers.Count(counts[i, j] + counts[j, i])} mistaken "
                + $"for one another ({Numbers.Count(counts[i, j])} {classNames[i]} taken for {classNames[j]}, "
                + $"{Numbers.Count(counts[j, i])} the other way)";
            float left = Figure.Margin + 28;
            figure.Text(text, left, middle, TextStyle.Label.FittedTo(text, grid.Width - left - Figure.Margin));
        }
        figure.Save(path);
    }

    private static string Rank(int index) => (index + 1).ToString(CultureInfo.InvariantCulture);
}
