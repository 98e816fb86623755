using NanoNet.Assignment.Plots.Style;
using ScottPlot;
using SkiaSharp;
using Palette = NanoNet.Assignment.Plots.Style.Palette;

namespace NanoNet.Assignment.Plots;

/// <summary>Accuracy against the number of training images, starting from learned weights and from scratch.</summary>
public static class TransferFigure
{
    private const double Goal = 0.95;
    private const float Width = 760;
    private const float Height = 430;
    private const float LegendRow = 26;

    /// <summary>Draws both curves, the 95 % line and where they reach it, and writes them to a PNG file.</summary>
    /// <param name="path">The file; replaced if it exists.</param>
    /// <param name="model">The model's name, such as "Model A".</param>
    /// <param name="pretrained">Retrained from the weights that Fashion-MNIST taught.</param>
    /// <param name="scratch">Trained from random weights.</param>
    /// <param name="note">A sentence under the title, such as the data and epochs; null for none.</param>
    public static void Save(
        string path, string model, TransferCurve pretrained, TransferCurve scratch, string? note = null)
    {
        float legendTop = Figure.HeaderHeight(note) + 6;
        float top = legendTop + (2 * LegendRow) + 34;
        var data = SKRect.Create(74, top, Width, Height);
        using var figure = new Figure(data.Right + 62, data.Bottom + 70);
        figure.Header($"{model}: what transfer learning buys on handwritten digits", note);
        DrawLegendRow(figure, legendTop, SeriesStyle.First, "Pretrained on Fashion-MNIST", pretrained);
        DrawLegendRow(figure, legendTop + LegendRow, SeriesStyle.Second, "From scratch", scratch);
        var axes = new TransferAxes([.. pretrained.Points, .. scratch.Points]);
        Plot plot = Chart.New();
        axes.ApplyTo(plot);
        AddBand(plot, pretrained, SeriesStyle.First);
        AddBand(plot, scratch, SeriesStyle.Second);
        plot.Add.HorizontalLine(Goal, 1.5f, Chart.Of(Palette.Ink), LinePattern.Dotted);
        AddDrop(plot, axes, pretrained, SeriesStyle.First);
        AddDrop(plot, axes, scratch, SeriesStyle.Second);
        AddCurve(plot, scratch, SeriesStyle.Second);
        AddCurve(plot, pretrained, SeriesStyle.First);
        Chart.Draw(figure, plot, data, "Training images n (logarithmic scale)", "Accuracy on the full test set");
        float goal = plot.GetPixel(new Coordinates(0, Goal)).Y;
        figure.Text("95 %", data.Right + 8, goal, TextStyle.Value);
        figure.Save(path);
    }

    private static void DrawLegendRow(Figure figure, float middle, SeriesStyle style, string name, TransferCurve curve)
    {
        style.DrawSample(figure, Figure.Margin, middle, 44);
        figure.Text(name, Figure.Margin + 56, middle, TextStyle.Label);
        figure.Text(Verdict(curve), Figure.Margin + 56 + 230, middle, TextStyle.Value);
    }

    private static string Verdict(TransferCurve curve)
    {
        if (curve.N95 is int n95)
            return $"95 % from n = {Numbers.Count(n95)}";
        if (curve.Points.Count == 0)
            return "nothing computed yet";
        return $"95 % not reached up to n = {Numbers.Count(curve.Points.Max(point => point.N))}";
    }

    private static void AddCurve(Plot plot, TransferCurve curve, SeriesStyle style)
    {
        // Many points lie close on the right of a logarithmic scale: smaller markers keep them apart.
        float size = curve.Points.Count switch { <= 25 => 8, <= 60 => 6, _ => 4 };
        Chart.AddSeries(plot, TransferAxes.Place(curve.Points), style, size);
    }

    private static void AddBand(Plot plot, TransferCurve curve, SeriesStyle style)
    {
        TransferPoint[] spread =
            [.. curve.Points.Where(point => point is { Lowest: not null, Highest: not null }).OrderBy(point => point.N)];
        if (spread.Length < 2)
            return;
        ScottPlot.Plottables.FillY band = plot.Add.FillY(
            [.. spread.Select(point => TransferAxes.X(point.N))],
            [.. spread.Select(point => point.Lowest!.Value)],
            [.. spread.Select(point => point.Highest!.Value)]);
        band.FillColor = Chart.Of(style.Color).WithAlpha(0.2);
        band.LineWidth = 0;
    }

    private static void AddDrop(Plot plot, TransferAxes axes, TransferCurve curve, SeriesStyle style)
    {
        if (curve.N95 is not int n95)
            return;
        double x = TransferAxes.X(n95);
        ScottPlot.Plottables.LinePlot drop = plot.Add.Line(x, axes.Floor, x, Goal);
        drop.LineColor = Chart.Of(style.Color);
        drop.LineWidth = 1.5f;
        drop.LinePattern = LinePattern.Dotted;
    }
}
