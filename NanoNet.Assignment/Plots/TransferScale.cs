using NanoNet.Assignment.Plots.Style;
using ScottPlot;

namespace NanoNet.Assignment.Plots;

/// <summary>
/// Where points of a transfer chart lie. Both axes are logarithmic: n, and the error 1 - accuracy. The error falls
/// about as a power of n, so the curves come out nearly straight, and what happens near 95 % is not squeezed under the
/// top.
/// </summary>
internal static class TransferScale
{
    // Beyond 99.9 % a few test images would take half of the chart.
    private const double LeastError = 1e-3;

    private static readonly double[] AccuracyTicks =
        [0, 0.2, 0.4, 0.6, 0.7, 0.8, 0.9, 0.95, 0.97, 0.98, 0.99, 0.995, 0.998, 0.999];

    /// <summary>Horizontal coordinate of a number of images.</summary>
    public static double X(double n) => Math.Log10(Math.Max(1, n));

    /// <summary>Vertical coordinate of an accuracy.</summary>
    public static double Y(double accuracy) => -Math.Log10(Math.Clamp(1 - accuracy, LeastError, 1));

    /// <summary>A point's coordinates.</summary>
    public static Coordinates At(TransferPoint point) => new(X(point.N), Y(point.Accuracy));

    /// <summary>Sets limits that hold all points and the 95 % line, and ticks at familiar values.</summary>
    public static void Apply(Plot plot, IReadOnlyList<TransferPoint> points)
    {
        double[] accuracies =
            [.. points.SelectMany(point => (double[])[point.Accuracy, point.Lowest ?? 1, point.Highest ?? 1])
                .Where(accuracy => accuracy is >= 0 and < 1)];
        double least = accuracies.Append(0.9).Min();
        double most = Math.Min(accuracies.Append(0.97).Max(), AccuracyTicks[^1]);
        double low = AccuracyTicks.Last(tick => tick <= least);
        double high = AccuracyTicks.First(tick => tick >= most);
        double spare = 0.02 * (Y(high) - Y(low));
        plot.Axes.SetLimitsY(Y(low) - spare, Y(high) + spare);
        Chart.SetTicks(plot.Axes.Left, AccuracyTicks
            .Where(tick => tick >= low && tick <= high)
            .Select(tick => (Y(tick), Numbers.Percent(tick, tick < 0.99 ? 0 : 1))));

        double fewest = Math.Max(1, points.Count == 0 ? 100 : points.Min(point => point.N));
        double greatest = Math.Max(fewest, points.Count == 0 ? 1000 : points.Max(point => point.N));
        double sides = Math.Max(0.05, 0.03 * (X(greatest) - X(fewest)));
        plot.Axes.SetLimitsX(X(fewest) - sides, X(greatest) + sides);
        Chart.SetTicks(plot.Axes.Bottom, RoundNumbers(fewest, greatest).Select(n => (X(n), Numbers.Count((long)n))));
    }

    // 1, 2 and 5 times powers of ten; where the range is too short to hold two of them, its ends.
    private static double[] RoundNumbers(double least, double most)
    {
        var round = new List<double>();
        for (double power = 1; power <= most; power *= 10)
            round.AddRange(((double[])[power, 2 * power, 5 * power]).Where(n => n >= least && n <= most));
        return round.Count >= 2 ? [.. round] : [.. ((double[])[least, most]).Distinct()];
    }
}
