using System.Globalization;
using NanoNet.Assignment.Plots.Style;
using SkiaSharp;

namespace NanoNet.Assignment.Plots;

/// <summary>The cells and names of an extremes figure; measures itself so that no name is cut.</summary>
internal sealed class ExtremesGrid
{
    // A whole number of pixels for each pixel of the image, so that all are squares of one size.
    private const float Picture = ImageTile.Side * 5f / Figure.PixelsPerUnit;
    private const float CellWidth = 84;
    private const float CellHeight = 114;
    private const float PictureTop = 7;
    private const float CaptionRoom = 34;
    private const float NameGap = 10;
    private const float ColumnNames = 26;

    private static readonly TextStyle ValueText = new(13, Palette.Ink, Bold: true);
    private static readonly TextStyle IndexText = new(10.5f, Palette.SoftInk);
    private static readonly TextStyle NoneText = new(12, Palette.FaintInk);

    private readonly (int Index, float Value)?[,] cells;
    private readonly Func<int, ReadOnlySpan<byte>> pixels;
    private readonly IReadOnlyList<string> names;
    private readonly float left;

    public ExtremesGrid(
        (int Index, float Value)?[,] cells, Func<int, ReadOnlySpan<byte>> pixels, IReadOnlyList<string> names)
    {
        int classes = names.Count;
        if (classes == 0 || cells.GetLength(0) != classes || cells.GetLength(1) != classes)
        {
            throw new ArgumentException(
                $"A grid of {cells.GetLength(0)} x {cells.GetLength(1)} does not fit {classes} class names; "
                + "it must be square, with one name a class.", nameof(cells));
        }
        this.cells = cells;
        this.pixels = pixels;
        this.names = names;
        left = MathF.Ceiling(Figure.Margin + CaptionRoom + TextStyle.Label.WidestOf(names) + NameGap);
    }

    /// <summary>Writes the value below an image.</summary>
    public required Func<float, string> Format { get; init; }

    /// <summary>Width of the sheet that the grid needs, margins included.</summary>
    public float Width => left + (names.Count * CellWidth) + Figure.Margin;

    /// <summary>Height of the caption, the column names and the cells.</summary>
    public float Height => CaptionRoom + ColumnNames + (names.Count * CellHeight);

    /// <summary>Where the cell of true class i and predicted class j lies, in figure units.</summary>
    public SKRect CellAt(float top, int i, int j) => SKRect.Create(
        left + (j * CellWidth), CellsTop(top) + (i * CellHeight), CellWidth, CellHeight);

    /// <summary>Draws everything below <paramref name="top"/>.</summary>
    public void Draw(Figure figure, float top)
    {
        float cellsTop = CellsTop(top);
        float width = names.Count * CellWidth;
        float height = names.Count * CellHeight;
        figure.Text("Predicted label", left + (width / 2), top + 8, TextStyle.Axis, SKTextAlign.Center);
        figure.Text(
            "True label", Figure.Margin + 10, cellsTop + (height / 2), TextStyle.Axis, SKTextAlign.Center, -90);
        for (int i = 0; i < names.Count; i++)
        {
            float y = cellsTop + (i * CellHeight);
            figure.Text(names[i], left - NameGap, y + (CellHeight / 2), TextStyle.Label, SKTextAlign.Right);
            float x = left + ((i + 0.5f) * CellWidth);
            TextStyle fitted = TextStyle.Label.FittedTo(names[i], CellWidth - 6);
            figure.Text(names[i], x, cellsTop - 14, fitted, SKTextAlign.Center);
            for (int j = 0; j < names.Count; j++)
                DrawCell(figure, CellAt(top, i, j), i, j);
        }
        for (int line = 0; line <= names.Count; line++)
        {
            float x = left + (line * CellWidth);
            float y = cellsTop + (line * CellHeight);
            figure.Line(x, cellsTop, x, cellsTop + height, Palette.Rule, 1);
            figure.Line(left, y, left + width, y, Palette.Rule, 1);
        }
    }

    // Whole units, so that pictures start at whole pixels.
    private static float CellsTop(float top) => MathF.Ceiling(top + CaptionRoom + ColumnNames);

    private void DrawCell(Figure figure, SKRect cell, int i, int j)
    {
        if (i == j)
        {
            figure.Hatch(cell);
            return;
        }
        SKRect picture = SKRect.Create(
            cell.Left + ((CellWidth - Picture) / 2), cell.Top + PictureTop, Picture, Picture);
        if (cells[i, j] is not (int index, float value))
        {
            figure.Text("none", cell.MidX, cell.MidY, NoneText, SKTextAlign.Center);
            return;
        }
        ImageTile.Draw(figure, picture, pixels(index), index);
        figure.Text(Format(value), cell.MidX, picture.Bottom + 12, ValueText, SKTextAlign.Center);
        string label = "#" + index.ToString(CultureInfo.InvariantCulture);
        figure.Text(label, cell.MidX, picture.Bottom + 27, IndexText, SKTextAlign.Center);
    }
}
