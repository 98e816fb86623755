using NanoNet.Assignment.Plots.Style;
using SkiaSharp;

namespace NanoNet.Assignment.Plots;

/// <summary>Accuracy against the number of training images, starting from learned weights and from scratch.</summary>
public static class TransferFigure
{
    private const float Width = 800;
    private const float Height = 440;
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
        float legend = Figure.HeaderHeight(note) + 4;
        string key = Key(pretrained, scratch);
        float top = legend + ((key.Length > 0 ? 3 : 2) * LegendRow) + 38;
        var data = SKRect.Create(76, top, Width, Height);
        using var figure = new Figure(data.Right + 64, data.Bottom + 68);
        figure.Header($"{model}: transfer from clothes to handwritten digits", note);
        DrawLegendRow(figure, legend, SeriesStyle.First, "Pretrained on Fashion-MNIST", pretrained);
        DrawLegendRow(figure, legend + LegendRow, SeriesStyle.Second, "From scratch", scratch);
        figure.Text(key, Figure.Margin, legend + (2 * LegendRow), TextStyle.Subtitle);

        using var chart = new TransferChart(
            [.. pretrained.Points, .. pretrained.Converged], [.. scratch.Points, .. scratch.Converged]);
        chart.Add(scratch, SeriesStyle.Second);
        chart.Add(pretrained, SeriesStyle.First);
        chart.Draw(figure, data);
        figure.Save(path);
    }

    private static void DrawLegendRow(Figure figure, float middle, SeriesStyle style, string name, TransferCurve curve)
    {
        style.DrawSample(figure, Figure.Margin, middle, 54);
        figure.Text(name, Figure.Margin + 66, middle, TextStyle.Label);
        figure.Text(Verdict(curve), Figure.Margin + 270, middle, TextStyle.Value);
    }

    // What else is in the chart, in words; empty where nothing is.
    private static string Key(params TransferCurve[] curves)
    {
        bool hasSpread = curves.Any(curve => curve.Points.Any(point => point.Lowest is not null));
        bool hasConverged = curves.Any(curve => curve.Converged.Count > 0);
        string spread = hasSpread ? "Bars and bands: from the lowest to the highest of several random draws. " : "";
        return spread + (hasConverged ? "Diamonds: trained on until converged." : "");
    }

    private static string Verdict(TransferCurve curve)
    {
        if (curve.N95 is int n95)
            return $"95 % from n = {Numbers.Count(n95)}";
        if (curve.Points.Count == 0)
            return "nothing computed";
        return $"95 % not reached up to n = {Numbers.Count(curve.Points.Max(point => point.N))}";
    }
}
