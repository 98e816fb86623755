using NanoNet.Assignment.Plots.Style;

namespace NanoNet.Assignment.Plots;

/// <summary>For each true and predicted class the most extreme misclassified image, in a grid.</summary>
public static class ExtremesFigure
{
    /// <summary>Draws the grid and writes it to a PNG file.</summary>
    /// <param name="path">The file; replaced if it exists.</param>
    /// <param name="model">The model's name, such as "Model A".</param>
    /// <param name="extreme">What the cells hold; chooses the words and how values are written.</param>
    /// <param name="cells">
    /// [i, j]: the image of class i predicted as j, by its index in the test set, with its loss or its probability of j
    /// (0 to 1); null where there is none. The diagonal is not looked at.
    /// </param>
    /// <param name="pixels">The 28 x 28 bytes of an image, row by row, 0 for background.</param>
    /// <param name="classNames">One name a class.</param>
    /// <exception cref="ArgumentException">The grid is not square, the names are not one a class, or an image has another size.</exception>
    public static void Save(
        string path,
        string model,
        Extreme extreme,
        (int Index, float Value)?[,] cells,
        Func<int, ReadOnlySpan<byte>> pixels,
        IReadOnlyList<string> classNames)
    {
        bool isLoss = extreme is Extreme.LowestLoss or Extreme.HighestLoss;
        var grid = new ExtremesGrid(cells, pixels, classNames)
        {
            Format = isLoss ? value => Numbers.Loss(value) : value => Numbers.Percent(value),
        };
        (string title, string note) = Words(extreme);
        float top = Figure.HeaderHeight(note);
        using var figure = new Figure(grid.Width, top + grid.Height + Figure.Margin);
        figure.Header($"{model}: {title}", note);
        grid.Draw(figure, top);
        figure.Save(path);
    }

    private static (string Title, string Note) Words(Extreme extreme) => extreme switch
    {
        Extreme.LowestLoss => (
            "the mistakes of lowest loss",
            "For each pair of classes the test image that the model nearly got right. "
            + "Below it: categorical cross-entropy, and index in the test set."),
        Extreme.HighestLoss => (
            "the mistakes of highest loss",
            "For each pair of classes the test image whose true class the model thought least likely. "
            + "Below it: categorical cross-entropy, and index in the test set."),
        Extreme.LowestProbability => (
            "the mistakes of lowest predicted probability",
            "For each pair of classes the test image of which the model was least sure. "
            + "Below it: probability of the predicted class, and index in the test set."),
        Extreme.HighestProbability => (
            "the mistakes of highest predicted probability",
            "For each pair of classes the test image of which the model was most sure, and wrong. "
            + "Below it: probability of the predicted class, and index in the test set."),
        _ => throw new ArgumentOutOfRangeException(nameof(extreme), extreme, "Not one of the four extremes."),
    };
}
