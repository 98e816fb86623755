using NanoNet.Assignment.Plots.Style;
using SkiaSharp;

namespace NanoNet.Assignment.Plots;

/// <summary>The cells, names and colour bar of a confusion matrix; measures itself so that no name is cut.</summary>
internal sealed class ConfusionGrid
{
    /// <summary>Side of a cell.</summary>
    public const float Cell = 76;

    private const float NameGap = 10;
    private const float CaptionRoom = 34;
    private const float ColorBarGap = 30;
    private const float ColorBarWidth = 22;
    private const float Slant = 40;

    private static readonly TextStyle CountText = new(17, Palette.Ink);
    private static readonly TextStyle ShareText = new(11, Palette.Ink);

    private readonly int[,] counts;
    private readonly IReadOnlyList<string> names;
    private readonly bool blankDiagonal;
    private readonly bool asShares;
    private readonly double least;
    private readonly double most;
    private readonly float left;
    private readonly float columnNameHeight;

    /// <summary>Measures the grid of a square matrix with one name a row.</summary>
    /// <param name="counts">[i, j]: how many images of class i were predicted as class j.</param>
    /// <param name="names">One name a class.</param>
    /// <param name="blankDiagonal">Whether only mistakes are shown.</param>
    /// <param name="asShares">Whether the share of the true class is what is coloured and written large.</param>
    public ConfusionGrid(int[,] counts, IReadOnlyList<string> names, bool blankDiagonal, bool asShares = false)
    {
        int classes = names.Count;
        if (classes == 0 || counts.GetLength(0) != classes || counts.GetLength(1) != classes)
        {
            throw new ArgumentException(
                $"A confusion matrix of {counts.GetLength(0)} x {counts.GetLength(1)} does not fit {classes} class "
                + "names; it must be square, with one name a class.", nameof(counts));
        }
        this.counts = counts;
        this.names = names;
        this.blankDiagonal = blankDiagonal;
        this.asShares = asShares;
        float widestName = TextStyle.Label.WidestOf(names);
        left = MathF.Ceiling(Figure.Margin + CaptionRoom + widestName + NameGap);
        columnNameHeight = (widestName * MathF.Sin(Slant * MathF.PI / 180)) + 10;
        var shown = new List<int>();
        for (int i = 0; i < classes; i++)
        {
            Correct += counts[i, i];
            for (int j = 0; j < classes; j++)
            {
                Total += counts[i, j];
                if (IsShown(i, j))
                    shown.Add(counts[i, j]);
            }
        }
        least = asShares || shown.Count == 0 ? 0 : shown.Min();
        most = asShares ? 1 : shown.Count == 0 ? 0 : shown.Max();
    }

    /// <summary>Images on the diagonal.</summary>
    public int Correct { get; }

    /// <summary>All images.</summary>
    public int Total { get; }

    /// <summary>Width of the sheet that the grid needs, margins included.</summary>
    public float Width => left + Side + ColorBarGap + ColorBarWidth + 62 + Figure.Margin;

    /// <summary>Height of the cells, the column names and the caption below.</summary>
    public float Height => Side + NameGap + columnNameHeight + CaptionRoom;

    private float Side => names.Count * Cell;

    /// <summary>Where the cell of true class i and predicted class j lies, in figure units.</summary>
    public SKRect CellAt(float top, int i, int j) => SKRect.Create(left + (j * Cell), top + (i * Cell), Cell, Cell);

    /// <summary>Draws everything, the cells' upper edge at <paramref name="top"/>.</summary>
    public void Draw(Figure figure, float top)
    {
        for (int i = 0; i < names.Count; i++)
        {
            for (int j = 0; j < names.Count; j++)
                DrawCell(figure, CellAt(top, i, j), i, j);
        }
        for (int line = 1; line < names.Count; line++)
        {
            float along = line * Cell;
            figure.Line(left + along, top, left + along, top + Side, Palette.Rule, 0.5f);
            figure.Line(left, top + along, left + Side, top + along, Palette.Rule, 0.5f);
        }
        figure.Frame(SKRect.Create(left, top, Side, Side), Palette.SoftInk, 1);
        for (int i = 0; i < names.Count; i++)
        {
            float middle = (i + 0.5f) * Cell;
            figure.Text(names[i], left - NameGap, top + middle, TextStyle.Label, SKTextAlign.Right);
            figure.Text(
                names[i], left + middle + 6, top + Side + NameGap + 4, TextStyle.Label, SKTextAlign.Right, -Slant);
        }
        figure.Text(
            "True label", Figure.Margin + 10, top + (Side / 2), TextStyle.Axis, SKTextAlign.Center, -90);
        figure.Text(
            "Predicted label", left + (Side / 2), top + Height - 12, TextStyle.Axis, SKTextAlign.Center);
        DrawColorBar(figure, top);
    }

    /// <summary>Outlines the cells (i, j) and (j, i) and puts the pair's rank into their corners.</summary>
    public void Outline(Figure figure, float top, int i, int j, string rank)
    {
        foreach (SKRect cell in (ReadOnlySpan<SKRect>)[CellAt(top, i, j), CellAt(top, j, i)])
        {
            // The light inner line shows the outline in grey too, where orange and a middle blue are alike.
            SKRect inner = cell;
            inner.Inflate(-3, -3);
            figure.Frame(cell, Palette.Second, 3.5f);
            figure.Frame(inner, Palette.Paper, 1.5f);
            Badge(figure, cell.Left + 11, cell.Top + 11, rank);
        }
    }

    /// <summary>A rank in a disc.</summary>
    public static void Badge(Figure figure, float x, float middle, string rank)
    {
        figure.Disc(x, middle, 10.5f, Palette.Paper);
        figure.Disc(x, middle, 9, Palette.Second);
        figure.Text(rank, x, middle, new TextStyle(12, Palette.Paper, Bold: true), SKTextAlign.Center);
    }

    private bool IsShown(int i, int j) => !blankDiagonal || i != j;

    private void DrawCell(Figure figure, SKRect cell, int i, int j)
    {
        if (!IsShown(i, j))
        {
            figure.Hatch(cell);
            return;
        }
        int count = counts[i, j];
        int row = RowTotal(i);
        double share = row == 0 ? 0 : (double)count / row;
        double fraction = most == least ? 0 : ((asShares ? share : count) - least) / (most - least);
        figure.Fill(cell, BluesColorMap.At(fraction));
        SKColor color = BluesColorMap.TextAt(fraction);
        bool withBoth = count > 0 && row > 0;
        string percent = Numbers.Percent(share);
        string number = asShares && withBoth ? percent : Numbers.Count(count);
        TextStyle style = CountText.FittedTo(number, Cell - 10) with { Color = count == 0 ? Palette.FaintInk : color };
        figure.Text(number, cell.MidX, cell.MidY - (withBoth ? 8 : 0), style, SKTextAlign.Center);
        if (withBoth)
        {
            string below = asShares ? Numbers.Count(count) : percent;
            figure.Text(below, cell.MidX, cell.MidY + 13, ShareText with { Color = color }, SKTextAlign.Center);
        }
    }

    private int RowTotal(int i)
    {
        int sum = 0;
        for (int j = 0; j < names.Count; j++)
            sum += counts[i, j];
        return sum;
    }

    private void DrawColorBar(Figure figure, float top)
    {
        float x = left + Side + ColorBarGap;
        // One stripe a pixel row: finer than the eye, and exact at both ends.
        const float Stripe = 1f / Figure.PixelsPerUnit;
        for (float y = 0; y < Side; y += Stripe)
            figure.Fill(SKRect.Create(x, top + y, ColorBarWidth, Stripe), BluesColorMap.At(1 - (y / (Side - Stripe))));
        figure.Frame(SKRect.Create(x, top, ColorBarWidth, Side), Palette.SoftInk, 1);
        if (most == least)
        {
            DrawTick(figure, x, top + Side, least);
            return;
        }
        double step = Math.Max(asShares ? 0.1 : 1, Scale.RoundStep((most - least) / 8));
        foreach (double value in new Scale(least, most, step).Ticks())
            DrawTick(figure, x, top + (float)(Side * (most - value) / (most - least)), value);
    }

    private void DrawTick(Figure figure, float x, float y, double value)
    {
        float right = x + ColorBarWidth;
        figure.Line(right, y, right + 5, y, Palette.SoftInk, 1);
        string label = asShares ? Numbers.Percent(value, 0) : Numbers.Count((long)value);
        figure.Text(label, right + 9, y, TextStyle.Label);
    }
}
