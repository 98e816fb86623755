using NanoNet.Assignment.Plots.Style;
using ScottPlot;
using SkiaSharp;

namespace NanoNet.Assignment.Plots;

/// <summary>One quantity by epoch, as two curves, the last values written beside the lines.</summary>
internal sealed class HistoryPanel(string quantity, IReadOnlyList<double> first, IReadOnlyList<double> second)
{
    /// <summary>Room for the tick labels, left of the data.</summary>
    public const float Left = 66;

    /// <summary>Room for the last values, right of the data.</summary>
    public const float Right = 122;

    /// <summary>Room for the axis caption, above the data.</summary>
    public const float Top = 34;

    /// <summary>Room for ticks and caption, below the data.</summary>
    public const float Bottom = 62;

    /// <summary>The greatest value that the quantity can take.</summary>
    public required double Ceiling { get; init; }

    /// <summary>What the curves are called.</summary>
    public (string First, string Second) Names { get; init; } = ("training", "test");

    /// <summary>Writes a last value.</summary>
    public required Func<double, string> Format { get; init; }

    /// <summary>Writes a tick's value; the second number is the distance of ticks.</summary>
    public required Func<double, double, string> FormatTick { get; init; }

    /// <summary>Draws the panel with its data area at <paramref name="data"/>.</summary>
    public void Draw(Figure figure, SKRect data)
    {
        int epochs = Math.Max(1, Math.Max(first.Count, second.Count));
        double sides = Math.Max(0.5, 0.03 * epochs);
        Scale scale = Scale.Around([.. first, .. second], 0, Ceiling);
        // Points on the frame would be cut in half.
        double spare = 0.03 * (scale.High - scale.Low);

        using Plot plot = Chart.New();
        plot.Axes.SetLimits(1 - sides, epochs + sides, scale.Low - spare, scale.High + spare);
        Chart.SetTicks(plot.Axes.Bottom, EpochTicks(epochs).Select(epoch => ((double)epoch, Numbers.Count(epoch))));
        Chart.SetTicks(plot.Axes.Left, scale.Ticks().Select(tick => (tick, FormatTick(tick, scale.Step))));
        Chart.AddSeries(plot, Points(first), SeriesStyle.First);
        Chart.AddSeries(plot, Points(second), SeriesStyle.Second);
        Chart.Draw(figure, plot, data, "Epoch", quantity);
        LabelEnds(figure, plot, data);
    }

    private static Coordinates[] Points(IReadOnlyList<double> values) =>
    [
        .. values.Select((value, i) => new Coordinates(i + 1, value)).Where(point => double.IsFinite(point.Y)),
    ];

    // The first and the last epoch always; between them multiples of a round number that keep away from the last.
    private static IEnumerable<int> EpochTicks(int epochs)
    {
        int step = (int)Math.Max(1, Scale.RoundStep(epochs / 8.0));
        yield return 1;
        for (int epoch = step; epoch < epochs; epoch += step)
        {
            if (epoch > 1 && epochs - epoch > 0.6 * step)
                yield return epoch;
        }
        if (epochs > 1)
            yield return epochs;
    }

    private void LabelEnds(Figure figure, Plot plot, SKRect data)
    {
        const float Apart = 38;
        (float Middle, string Name, double Value, SeriesStyle Style)[] ends =
        [
            .. End(Names.First, first, SeriesStyle.First, plot),
            .. End(Names.Second, second, SeriesStyle.Second, plot),
        ];
        Array.Sort(ends, (a, b) => a.Middle.CompareTo(b.Middle));
        float[] middles = Spread([.. ends.Select(end => end.Middle)], Apart, data.Top, data.Bottom);
        for (int i = 0; i < ends.Length; i++)
        {
            float left = data.Right + 10;
            ends[i].Style.DrawSample(figure, left, middles[i] - 8, 30);
            figure.Text(ends[i].Name, left + 36, middles[i] - 8, TextStyle.Label);
            figure.Text(Format(ends[i].Value), left + 36, middles[i] + 9, TextStyle.Value);
        }
    }

    private static IEnumerable<(float Middle, string Name, double Value, SeriesStyle Style)> End(
        string name, IReadOnlyList<double> values, SeriesStyle style, Plot plot)
    {
        Coordinates[] points = Points(values);
        if (points.Length > 0)
            yield return (plot.GetPixel(points[^1]).Y, name, values[^1], style);
    }

    // Moves labels, given from top to bottom, as little as need be to stand apart and inside the panel's height.
    private static float[] Spread(float[] middles, float apart, float top, float bottom)
    {
        for (int i = 1; i < middles.Length; i++)
        {
            float missing = apart - (middles[i] - middles[i - 1]);
            if (missing <= 0)
                continue;
            middles[i - 1] -= missing / 2;
            middles[i] += missing / 2;
        }
        float over = Math.Max(0, middles.Length == 0 ? 0 : middles[^1] + (apart / 2) - bottom);
        float under = Math.Max(0, middles.Length == 0 ? 0 : top - (middles[0] - (apart / 2)));
        return [.. middles.Select(middle => middle - over + under)];
    }
}
