using NanoNet.Assignment.Plots.Style;
using ScottPlot;

namespace NanoNet.Assignment.Plots;

/// <summary>The axes of a transfer figure: n on a logarithmic scale, accuracy with room for the 95 % line.</summary>
internal sealed class TransferAxes
{
    private readonly Scale accuracy;
    private readonly double least;
    private readonly double most;

    public TransferAxes(IReadOnlyList<TransferPoint> points)
    {
        least = Math.Max(1, points.Count == 0 ? 100 : points.Min(point => point.N));
        most = Math.Max(least, points.Count == 0 ? 1000 : points.Max(point => point.N));
        double[] values = [.. points.SelectMany(
            point => (double[])[point.Accuracy, point.Lowest ?? point.Accuracy, point.Highest ?? point.Accuracy])];
        accuracy = Scale.Around([.. values, 0.9, 1], 0, 1);
    }

    /// <summary>The lowest accuracy shown.</summary>
    public double Floor => accuracy.Low;

    /// <summary>Where a number of images lies on the horizontal axis.</summary>
    public static double X(int n) => Math.Log10(Math.Max(1, n));

    /// <summary>Points in chart coordinates, from left to right; those that are not finite are left out.</summary>
    public static IEnumerable<Coordinates> Place(IEnumerable<TransferPoint> points) =>
        points.Where(point => double.IsFinite(point.Accuracy))
            .OrderBy(point => point.N)
            .Select(point => new Coordinates(X(point.N), point.Accuracy));

    /// <summary>Sets limits and ticks.</summary>
    public void ApplyTo(Plot plot)
    {
        double sides = Math.Max(0.05, 0.03 * Math.Log10(most / least));
        plot.Axes.SetLimits(Math.Log10(least) - sides, Math.Log10(most) + sides, accuracy.Low, accuracy.High + 0.01);
        Chart.SetTicks(plot.Axes.Left, accuracy.Ticks().Select(tick => (tick, $"{Numbers.Tick(100 * tick)} %")));
        Chart.SetTicks(plot.Axes.Bottom, RoundNumbers().Select(n => (Math.Log10(n), Numbers.Count((long)n))));
    }

    private IEnumerable<double> RoundNumbers()
    {
        for (double power = 1; power <= most; power *= 10)
        {
            foreach (double factor in (double[])[1, 2, 5])
            {
                if (factor * power >= least && factor * power <= most)
                    yield return factor * power;
            }
        }
    }
}
