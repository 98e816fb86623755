using System.Globalization;
using NanoNet.Assignment.Plots.Style;
using SkiaSharp;

namespace NanoNet.Assignment.Plots;

/// <summary>For each of some pairs of classes a strip of the mistakes that the model was most sure of.</summary>
public static class PairsFigure
{
    /// <summary>How many images a strip has room for.</summary>
    public const int MostInAStrip = 10;

    // A whole number of pixels for each pixel of the image.
    private const float Picture = ImageTile.Side * 6f / Figure.PixelsPerUnit;
    private const float CellWidth = 104;
    private const float TitleHeight = 40;
    private const float CaptionHeight = 70;
    private const float Gap = 22;
    private const float StripHeight = TitleHeight + Picture + CaptionHeight + Gap;

    private static readonly TextStyle Large = new(13, Palette.Ink, Bold: true);
    private static readonly TextStyle Class = new(11, Palette.Ink);
    private static readonly TextStyle Index = new(10.5f, Palette.SoftInk);

    /// <summary>Draws the strips and writes them to a PNG file.</summary>
    /// <param name="path">The file; replaced if it exists.</param>
    /// <param name="model">The model's name, such as "Model A".</param>
    /// <param name="strips">The pairs, the most confused first; a strip may be short or empty.</param>
    /// <param name="pixels">The 28 x 28 bytes of an image, row by row, 0 for background.</param>
    /// <param name="classNames">One name a class.</param>
    public static void Save(
        string path,
        string model,
        IReadOnlyList<PairStrip> strips,
        Func<int, ReadOnlySpan<byte>> pixels,
        IReadOnlyList<string> classNames)
    {
        const string Note = "Below each image: the probability of the class that it was taken for, its class, that "
            + "class, and its index in the test set.";
        float top = Figure.HeaderHeight(Note);
        using var figure = new Figure(
            (2 * Figure.Margin) + (MostInAStrip * CellWidth), top + Math.Max(1, strips.Count) * StripHeight);
        figure.Header($"{model}: the most confident mistakes of the most confused pairs", Note);
        for (int rank = 0; rank < strips.Count; rank++)
            DrawStrip(figure, top + (rank * StripHeight), rank, strips[rank], pixels, classNames);
        if (strips.Count == 0)
            figure.Text("There are no mistakes.", Figure.Margin, top + 20, TextStyle.Label);
        figure.Save(path);
    }

    private static void DrawStrip(
        Figure figure,
        float top,
        int rank,
        PairStrip strip,
        Func<int, ReadOnlySpan<byte>> pixels,
        IReadOnlyList<string> names)
    {
        ConfusionGrid.Badge(figure, Figure.Margin + 11, top + 14, (rank + 1).ToString(CultureInfo.InvariantCulture));
        string title = $"{names[strip.I]} and {names[strip.J]}: {Numbers.Count(strip.Count)} mistakes";
        figure.Text(title, Figure.Margin + 30, top + 14, TextStyle.Axis);
        for (int i = 0; i < Math.Min(MostInAStrip, strip.Mistakes.Count); i++)
        {
            ConfidentMistake mistake = strip.Mistakes[i];
            float left = Figure.Margin + (i * CellWidth);
            SKRect place = SKRect.Create(left + ((CellWidth - Picture) / 2), top + TitleHeight, Picture, Picture);
            ImageTile.Draw(figure, place, pixels(mistake.Index), mistake.Index);
            SKRect frame = place;
            frame.Inflate(1, 1);
            figure.Frame(frame, Palette.Rule, 1);
            DrawCaption(figure, place, mistake, names);
        }
    }

    private static void DrawCaption(Figure figure, SKRect place, ConfidentMistake mistake, IReadOnlyList<string> names)
    {
        Line(14, Numbers.Percent(mistake.Probability, 2), Large);
        Line(31, $"is {names[mistake.Label]}", Class);
        Line(46, $"not {names[mistake.Predicted]}", Class);
        Line(61, "#" + mistake.Index.ToString(CultureInfo.InvariantCulture), Index);

        void Line(float below, string text, TextStyle style) => figure.Text(
            text, place.MidX, place.Bottom + below, style.FittedTo(text, CellWidth - 8), SKTextAlign.Center);
    }
}
