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
    /// <exception cref="ArgumentException">
    /// The grid is not square, the names are not one a class, or an image has another size.
    /// </exception>
    public static void Save(
        string path,
        string model,
        Extreme extreme,
        (int Index, float Value)?[,] cells,
        Func<int, ReadOnlySpan<byte>> pixels,
        IReadOnlyList<string> classNames)
    {
        var grid = new ExtremesGrid(cells, pixels, classNames)
        {
            Format = IsLoss(extreme) ? value => Numbers.Loss(value) : value => Numbers.Percent(value),
        };
        (string title, string note) = Words(extreme);
        float top = Figure.HeaderHeight(note);
        using var figure = new Figure(grid.Width, top + grid.Height + Figure.Margin);
        figure.Header($"{model}: {title}", note);
        grid.Draw(figure, top);
        figure.Save(path);
    }

    private static (string Title, string Note) Words(Extreme extreme)
    {
        (string quantity, string which) = extreme switch
        {
            Extreme.LowestLoss => ("lowest loss", "that came closest to being right"),
            Extreme.HighestLoss => ("highest loss", "whose true class the model thought least likely"),
            Extreme.LowestProbability => ("lowest predicted probability", "of which the model was least sure"),
            Extreme.HighestProbability => ("highest predicted probability", "of which the model was most sure"),
            _ => throw new ArgumentOutOfRangeException(nameof(extreme), extreme, "Not one of the four extremes."),
        };
        string below = IsLoss(extreme) ? "categorical cross-entropy" : "probability of the predicted class";
        return (
            $"misclassified test images of {quantity}",
            $"For each true and predicted class, the mistake {which}. Below it: {below}, and index in the test set.");
    }

    private static bool IsLoss(Extreme extreme) => extreme is Extreme.LowestLoss or Extreme.HighestLoss;
}
