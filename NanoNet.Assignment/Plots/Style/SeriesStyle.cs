using ScottPlot;
using SkiaSharp;

namespace NanoNet.Assignment.Plots.Style;

/// <summary>
/// How a series looks. Colour, marker and dashes all differ between the two, so that a grey print or a colour-blind
/// reader loses nothing.
/// </summary>
internal sealed record SeriesStyle(SKColor Color, bool Hollow, LinePattern Line)
{
    /// <summary>Dark blue, solid, full circles.</summary>
    public static readonly SeriesStyle First = new(Palette.First, Hollow: false, LinePattern.Solid);

    /// <summary>Orange, dashed, hollow circles.</summary>
    public static readonly SeriesStyle Second = new(Palette.Second, Hollow: true, LinePattern.DenselyDashed);

    /// <summary>The marker at a computed point.</summary>
    public MarkerStyle Marker(float size) => new(MarkerShape.FilledCircle, size)
    {
        FillColor = Chart.Of(Hollow ? Palette.Paper : Color),
        OutlineColor = Chart.Of(Color),
        OutlineWidth = Math.Min(2, size / 4),
    };

    /// <summary>The marker of a point that stands beside the series.</summary>
    public MarkerStyle Diamond(float size) => new(MarkerShape.FilledDiamond, size)
    {
        FillColor = Chart.Of(Hollow ? Palette.Paper : Color),
        OutlineColor = Chart.Of(Color),
        OutlineWidth = 2,
    };

    /// <summary>A short piece of the series with one marker, for a legend.</summary>
    public void DrawSample(Figure figure, float x, float middle, float width)
    {
        using Paint paint = Paint.NewDisposablePaint();
        var line = new LineStyle(2, Chart.Of(Color), Line);
        line.Render(figure.Canvas, new PixelLine(x, middle, x + width, middle), paint);
        Marker(8).Render(figure.Canvas, new Pixel(x + (width / 2), middle), paint);
    }
}
