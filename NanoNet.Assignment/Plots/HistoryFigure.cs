using NanoNet.Assignment.Plots.Style;
using SkiaSharp;

namespace NanoNet.Assignment.Plots;

/// <summary>Accuracy and loss by epoch, side by side, each in training and on the test set.</summary>
public static class HistoryFigure
{
    private const float Width = 370;
    private const float Height = 310;

    // Readers wonder why test values can be the better ones.
    private const string Footnote =
        "Training values are means over each epoch, with dropout and while the weights still move; "
        + "test values are taken after the epoch, without dropout.";

    /// <summary>Draws the curves and writes them to a PNG file.</summary>
    /// <param name="path">The file; replaced if it exists.</param>
    /// <param name="model">The model's name, such as "Model A".</param>
    /// <param name="curves">The values by epoch. One epoch is enough; values that are not finite are left out.</param>
    /// <param name="note">A sentence under the title, such as what was trained where; null for none.</param>
    public static void Save(string path, string model, HistoryCurves curves, string? note = null)
    {
        var accuracy = new HistoryPanel("Accuracy", curves.Accuracy, curves.TestAccuracy)
        {
            Ceiling = 1,
            Format = share => Numbers.Percent(share),
            FormatTick = (share, step) => $"{Numbers.Tick(100 * share, 100 * step)} %",
        };
        var loss = new HistoryPanel("Loss (categorical cross-entropy)", curves.Loss, curves.TestLoss)
        {
            Ceiling = double.MaxValue,
            Format = Numbers.Loss,
            FormatTick = Numbers.Tick,
        };

        const float Panel = HistoryPanel.Left + Width + HistoryPanel.Right;
        float top = Figure.HeaderHeight(note) + HistoryPanel.Top;
        using var figure = new Figure(2 * Panel, top + Height + HistoryPanel.Bottom + 40);
        figure.Header($"{model}: accuracy and loss by epoch", note);
        accuracy.Draw(figure, SKRect.Create(HistoryPanel.Left, top, Width, Height));
        loss.Draw(figure, SKRect.Create(Panel + HistoryPanel.Left, top, Width, Height));
        figure.Text(Footnote, Figure.Margin, figure.Height - Figure.Margin, TextStyle.Small);
        figure.Save(path);
    }
}
