using NanoNet.Assignment.Plots.Style;
using ScottPlot;
using SkiaSharp;
using Palette = NanoNet.Assignment.Plots.Style.Palette;

namespace NanoNet.Assignment.Plots;

/// <summary>A transfer figure's chart: curves, bands, the 95 % line and a drop line where a curve reaches it.</summary>
internal sealed class TransferChart : IDisposable
{
    /// <summary>The accuracy that is asked for.</summary>
    public const double Goal = 0.95;

    private const float LabelHeight = 20;

    // Between points further apart, as a share, nobody knows where a band would lie.
    private const double Neighbouring = 2.5;

    private readonly Plot plot = Chart.New();
    private readonly List<(int N, SeriesStyle Style)> crossings = [];
    private readonly List<Coordinates[]> curves = [];

    /// <summary>An empty chart with room for all points.</summary>
    public TransferChart(IEnumerable<TransferPoint> first, IEnumerable<TransferPoint> second)
    {
        TransferScale.Apply(plot, [.. first, .. second]);
        plot.Add.HorizontalLine(TransferScale.Y(Goal), 1.5f, Chart.Of(Palette.Ink), LinePattern.Dotted);
    }

    /// <summary>Adds one curve, its band and its drop line; later curves lie above earlier ones.</summary>
    public void Add(TransferCurve curve, SeriesStyle style)
    {
        TransferPoint[] points =
            [.. curve.Points.Where(point => double.IsFinite(point.Accuracy)).OrderBy(point => point.N)];
        AddBand(points, style);
        if (curve.N95 is int n95)
        {
            double x = TransferScale.X(n95);
            ScottPlot.Plottables.LinePlot drop =
                plot.Add.Line(x, plot.Axes.GetLimits().Bottom, x, TransferScale.Y(Goal));
            drop.LineStyle = new LineStyle(1.5f, Chart.Of(style.Color), LinePattern.Dotted);
            crossings.Add((n95, style));
        }
        Coordinates[] line = [.. points.Select(TransferScale.At)];
        curves.Add(line);
        Chart.AddSeries(plot, line, style);
        AddConverged(curve.Converged, style);
    }

    /// <summary>Draws the chart with its data area at <paramref name="data"/>.</summary>
    public void Draw(Figure figure, SKRect data)
    {
        Chart.Draw(
            figure,
            plot,
            data,
            "Training images n (logarithmic)",
            "Accuracy on the full test set (logarithmic in the error)");
        float goal = plot.GetPixel(new Coordinates(0, TransferScale.Y(Goal))).Y;
        figure.Text("95 %", data.Right + 8, goal, TextStyle.Value);
        LabelCrossings(figure, data, goal);
    }

    public void Dispose() => plot.Dispose();

    private void AddBand(TransferPoint[] points, SeriesStyle style)
    {
        TransferPoint[] spread = [.. points.Where(point => point is { Lowest: not null, Highest: not null })];
        foreach (TransferPoint point in spread)
            AddWhisker(point, style);
        for (int first = 0, next; first < spread.Length; first = next)
        {
            next = first + 1;
            while (next < spread.Length && spread[next].N <= Neighbouring * spread[next - 1].N)
                next++;
            if (next - first > 1)
                AddBandThrough(spread[first..next], style);
        }
    }

    private void AddBandThrough(TransferPoint[] points, SeriesStyle style)
    {
        ScottPlot.Plottables.FillY band = plot.Add.FillY(
            [.. points.Select(point => TransferScale.X(point.N))],
            [.. points.Select(point => TransferScale.Y(point.Lowest!.Value))],
            [.. points.Select(point => TransferScale.Y(point.Highest!.Value))]);
        band.FillColor = Chart.Of(style.Color).WithAlpha(0.18);
        band.LineWidth = 0;
        band.MarkerSize = 0;
    }

    private void AddWhisker(TransferPoint point, SeriesStyle style)
    {
        double x = TransferScale.X(point.N);
        ScottPlot.Plottables.LinePlot whisker = plot.Add.Line(
            x, TransferScale.Y(point.Lowest!.Value), x, TransferScale.Y(point.Highest!.Value));
        whisker.LineStyle = new LineStyle(1.5f, Chart.Of(style.Color), LinePattern.Solid);
    }

    private void AddConverged(IReadOnlyList<TransferPoint> points, SeriesStyle style)
    {
        foreach (TransferPoint point in points.Where(point => double.IsFinite(point.Accuracy)))
        {
            ScottPlot.Plottables.Marker marker = plot.Add.Marker(TransferScale.At(point));
            marker.MarkerStyle = style.Diamond(11);
        }
    }

    // Each n beside its drop line, as low as it can stand without touching a curve or another label.
    private void LabelCrossings(Figure figure, SKRect data, float goal)
    {
        var taken = new List<SKRect>();
        int least = crossings.Select(crossing => crossing.N).DefaultIfEmpty().Min();
        foreach ((int n, SeriesStyle style) in crossings.OrderBy(crossing => crossing.N))
        {
            // Of two, the smaller n stands left of its line and the greater right: they may be neighbours.
            bool atLeft = crossings.Count > 1 && n == least && taken.Count == 0;
            string text = $"n = {Numbers.Count(n)}";
            float width = TextStyle.Value.WidthOf(text) + 8;
            float x = plot.GetPixel(new Coordinates(TransferScale.X(n), 0)).X;
            float left = (atLeft && x - 5 - width > data.Left) || x + 5 + width > data.Right ? x - 5 - width : x + 5;
            SKRect place = SKRect.Create(left, data.Bottom - LabelHeight - 6, width, LabelHeight);
            while (place.Top - LabelHeight > goal && (taken.Any(place.IntersectsWith) || TouchesCurve(place)))
                place.Offset(0, -LabelHeight / 2);
            figure.Fill(place, Palette.Paper);
            figure.Text(text, place.Left + 4, place.MidY, TextStyle.Value with { Color = style.Color });
            taken.Add(place);
        }
    }

    private bool TouchesCurve(SKRect place)
    {
        const int Pieces = 32;
        place.Inflate(4, 4);
        foreach (Coordinates[] curve in curves)
        {
            for (int i = 0; i < curve.Length; i++)
            {
                Coordinates from = curve[Math.Max(0, i - 1)];
                for (int piece = 1; piece <= Pieces; piece++)
                {
                    double share = (double)piece / Pieces;
                    Pixel pixel = plot.GetPixel(new Coordinates(
                        from.X + (share * (curve[i].X - from.X)), from.Y + (share * (curve[i].Y - from.Y))));
                    if (place.Contains(pixel.X, pixel.Y))
                        return true;
                }
            }
        }
        return false;
    }
}
