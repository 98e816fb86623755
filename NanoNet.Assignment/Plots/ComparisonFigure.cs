using NanoNet.Assignment.Plots.Style;
using ScottPlot;
using SkiaSharp;
using Palette = NanoNet.Assignment.Plots.Style.Palette;

namespace NanoNet.Assignment.Plots;

/// <summary>Models A and B side by side: test accuracy by epoch, and what transfer gives them.</summary>
public static class ComparisonFigure
{
    private const float Width = 420;
    private const float Height = 330;
    private const float LegendRow = 24;

    /// <summary>Draws both panels and writes them to a PNG file.</summary>
    /// <param name="path">The file; replaced if it exists.</param>
    /// <param name="a">Model A.</param>
    /// <param name="b">Model B.</param>
    public static void Save(string path, ComparedModel a, ComparedModel b)
    {
        const string Note = "Left: Fashion-MNIST, accuracy on the test images after each epoch. "
            + "Right: handwritten digits, accuracy on the test digits by the number of training digits.";
        const float RightLeft = HistoryPanel.Left + Width + HistoryPanel.Right + 76;
        float top = Figure.HeaderHeight(Note) + HistoryPanel.Top;
        using var figure = new Figure(
            RightLeft + Width + 64, top + Height + HistoryPanel.Bottom + (2 * LegendRow) + Figure.Margin);
        figure.Header("Models A and B side by side", Note);
        new HistoryPanel("Test accuracy", a.TestAccuracy, b.TestAccuracy)
        {
            Names = ("Model A", "Model B"),
            Ceiling = 1,
            Format = share => Numbers.Percent(share),
            FormatTick = (share, step) => $"{Numbers.Tick(100 * share, 100 * step)} %",
        }.Draw(figure, SKRect.Create(HistoryPanel.Left, top, Width, Height));
        DrawTransfer(figure, SKRect.Create(RightLeft, top, Width, Height), a, b);
        figure.Save(path);
    }

    private static void DrawTransfer(Figure figure, SKRect data, ComparedModel a, ComparedModel b)
    {
        (string Name, TransferCurve Curve, SeriesStyle Style)[] series =
        [
            ("A, pretrained", a.Pretrained, new(Palette.First, Hollow: false, LinePattern.Solid)),
            ("A, from scratch", a.Scratch, new(Palette.First, Hollow: true, LinePattern.DenselyDashed)),
            ("B, pretrained", b.Pretrained, new(Palette.Second, Hollow: false, LinePattern.Solid)),
            ("B, from scratch", b.Scratch, new(Palette.Second, Hollow: true, LinePattern.DenselyDashed)),
        ];
        using Plot plot = Chart.New();
        TransferScale.Apply(plot, [.. series.SelectMany(one => one.Curve.Points)]);
        plot.Add.HorizontalLine(TransferScale.Y(TransferChart.Goal), 1.5f, Chart.Of(Palette.Ink), LinePattern.Dotted);
        foreach (var (_, curve, style) in series)
        {
            Coordinates[] line =
            [
                .. curve.Points.Where(point => double.IsFinite(point.Accuracy)).OrderBy(point => point.N)
                    .Select(TransferScale.At),
            ];
            Chart.AddSeries(plot, line, style);
        }
        Chart.Draw(
            figure,
            plot,
            data,
            "Training digits n (logarithmic)",
            "Accuracy on the test digits (logarithmic in the error)");
        float goal = plot.GetPixel(new Coordinates(0, TransferScale.Y(TransferChart.Goal))).Y;
        figure.Text("95 %", data.Right + 8, goal, TextStyle.Value);
        for (int i = 0; i < series.Length; i++)
        {
            float x = data.Left + (i / 2 * (Width / 2));
            float y = data.Bottom + HistoryPanel.Bottom + 12 + (i % 2 * LegendRow);
            series[i].Style.DrawSample(figure, x, y, 40);
            figure.Text(series[i].Name, x + 50, y, TextStyle.Label);
        }
    }
}
