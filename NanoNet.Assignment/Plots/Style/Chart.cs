using ScottPlot;
using ScottPlot.TickGenerators;
using SkiaSharp;

namespace NanoNet.Assignment.Plots.Style;

/// <summary>Makes ScottPlot charts in the common style and draws them into a place of a <see cref="Figure"/>.</summary>
internal static class Chart
{
    static Chart()
    {
        Fonts.FontResolvers.Insert(0, new EmbeddedFontResolver());
        Fonts.Default = Typefaces.Family;
    }

    /// <summary>An empty chart: frame at the left and the bottom only, a quiet grid, the shipped font.</summary>
    public static Plot New()
    {
        var plot = new Plot();
        // The chart is one of several things on the sheet.
        plot.RenderManager.ClearCanvasBeforeEachRender = false;
        plot.FigureBackground.Color = Colors.Transparent;
        plot.Axes.Right.FrameLineStyle.IsVisible = false;
        plot.Axes.Top.FrameLineStyle.IsVisible = false;
        plot.Grid.MajorLineColor = Of(Palette.Rule);
        plot.Grid.MajorLineWidth = 1;
        Dress(plot.Axes.Bottom);
        Dress(plot.Axes.Left);
        return plot;
    }

    /// <summary>A line with a marker at each point; the more points, the finer both.</summary>
    public static void AddSeries(Plot plot, Coordinates[] points, SeriesStyle style)
    {
        (float markerSize, float lineWidth) = points.Length switch
        {
            <= 25 => (8, 2),
            <= 60 => (6, 2),
            <= 150 => (4.5f, 1.6f),
            _ => (2.5f, 1f),
        };
        ScottPlot.Plottables.Scatter series = plot.Add.Scatter(points);
        series.LineStyle = new LineStyle(lineWidth, Of(style.Color), style.Line);
        series.MarkerStyle = style.Marker(markerSize);
    }

    /// <summary>Ticks at the given values only.</summary>
    public static void SetTicks(IAxis axis, IEnumerable<(double Value, string Label)> ticks) =>
        axis.TickGenerator = new NumericManual([.. ticks.Select(tick => new Tick(tick.Value, tick.Label))]);

    /// <summary>Draws the chart with its data area at <paramref name="data"/>; labels lie outside of that.</summary>
    public static void Draw(Figure figure, Plot plot, SKRect data, string xCaption, string yCaption)
    {
        plot.Layout.Fixed(new PixelRect(data.Left, data.Right, data.Bottom, data.Top));
        plot.Render(figure.Canvas, new PixelRect(0, figure.Width, figure.Height, 0));
        figure.Text(yCaption, data.Left, data.Top - 20, TextStyle.Axis);
        figure.Text(xCaption, data.MidX, data.Bottom + 44, TextStyle.Axis, SKTextAlign.Center);
    }

    /// <summary>ScottPlot's form of a colour.</summary>
    public static Color Of(SKColor color) => Color.FromSKColor(color);

    private static void Dress(IAxis axis)
    {
        axis.FrameLineStyle.Color = Of(Palette.SoftInk);
        axis.FrameLineStyle.Width = 1;
        axis.MajorTickStyle.Color = Of(Palette.SoftInk);
        axis.MajorTickStyle.Length = 5;
        axis.MinorTickStyle.Length = 0;
        axis.TickLabelStyle.FontName = Typefaces.Family;
        axis.TickLabelStyle.FontSize = TextStyle.Label.Size;
        axis.TickLabelStyle.ForeColor = Of(Palette.Ink);
    }
}
