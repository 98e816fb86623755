using NanoNet.Assignment;
using NanoNet.Assignment.CommandLine;
using NanoNet.Assignment.Exercises;
using NanoNet.Assignment.Report;
using NanoNet.Assignment.Results;
using Xunit;

namespace NanoNet.Tests.Assignment;

/// <summary>Which n are drawn again, and what the draws say of the crossing.</summary>
public sealed class TransferDrawsTests
{
    [Theory]
    [InlineData(900, 1000, 1200)]
    [InlineData(2000, 1600, 2000, 2500)]
    [InlineData(2400, 1600, 2000)]
    public void AStraightLineIsFollowedToItsCrossing(int crossing, params int[] sizes)
    {
        Assert.Equal(crossing, TransferDraws.Cross(sizes.Select(n => Point(1, n, crossing)))[1]);
    }

    [Fact]
    public void ADrawWithASinglePointTakesTheSlopeOfTheOthers()
    {
        var crossings = TransferDraws.Cross(
            [Point(1, 1600, 2000), Point(1, 2500, 2000), Point(2, 2000, 1800), Point(3, 2000, 2300)]);

        Assert.Equal([2000, 1800, 2300], ((int[])[1, 2, 3]).Select(draw => crossings[draw]));
    }

    [Fact]
    public void ALineIsNotFollowedFar()
    {
        var crossings = TransferDraws.Cross(
        [
            Point(1, 1600, 8000), Point(1, 2000, 8000), Point(2, 1600, 1900), Point(2, 2000, 1900), Point(3, 1600, 500),
        ]);

        Assert.Equal([2], crossings.Keys);
    }

    [Fact]
    public void PointsThatDoNotTellGiveNoCrossing()
    {
        Assert.Empty(TransferDraws.Cross([]));
        Assert.Empty(Cross((1, 1000, 0.95)));
        Assert.Empty(Cross((1, 1000, 0.95), (1, 2000, 0.94)));
        Assert.Empty(Cross((1, 1000, 0.94), (2, 1000, 0.96)));
        Assert.Empty(Cross((1, 1000, double.NaN), (1, 2000, 1)));

        static Dictionary<int, int?> Cross(params (int Draw, int N, double Accuracy)[] points) => TransferDraws.Cross(
            points.Select(point => new DrawPoint(WeightsStart.Scratch, point.Draw, point.N, point.Accuracy)));
    }

    [Theory]
    [InlineData(SweepKind.EveryStep, 100, 200, 400, 800, 1600, 2000, 2500)]
    [InlineData(SweepKind.Bracketed, 100, 200, 400, 2000)]
    public void DoublingsAndTheNeighboursOfTheCrossingAreDrawnAgain(object sweep, params int[] sizes)
    {
        var result = Swept(crossing: 2000, visited: [100, 200, 400, 800, 1600, 1700, 2000, 2100, 3200]) with
        {
            SweepScratch = (SweepKind)sweep,
        };

        Assert.Equal(sizes, TransferDraws.Sizes(new RunOptions(), ModelKind.B, result, WeightsStart.Scratch));
    }

    [Fact]
    public void WithoutACrossingOnlySmallSizesAreDrawnAgain()
    {
        var result = Swept(crossing: null, visited: [100, 200, 300, 400, 800, 1600]);

        Assert.Equal([100, 200, 400], TransferDraws.Sizes(new RunOptions(), ModelKind.B, result, WeightsStart.Scratch));
        Assert.Null(TransferDraws.Spread(result, WeightsStart.Scratch, 3));
    }

    [Fact]
    public void QuickRunsDrawTheSmallestAgain()
    {
        var result = Swept(crossing: null, visited: [100, 300, 1000]);
        var quick = new RunOptions { Quick = true };

        Assert.Equal([100, 300], TransferDraws.Sizes(quick, ModelKind.A, result, WeightsStart.Scratch));
        Assert.Equal([100], TransferDraws.Sizes(quick, ModelKind.B, result, WeightsStart.Scratch));
    }

    [Fact]
    public void EachDrawHasACrossingOfItsOwnAndTheReportSaysHowFarTheyLieApart()
    {
        var result = Swept(crossing: 1900, visited: []) with
        {
            Scratch = [.. ((int[])[100, 1600, 1900, 2000, 3200]).Select(n => new AccuracyPoint(n, n == 100 ? 0.1 : 1 - Error(n, 1900)))],
            Draws =
            [
                .. from draw in (int[])[1, 2, 3]
                   from n in (int[])[100, 1900]
                   select new DrawPoint(WeightsStart.Scratch, draw, n, n == 100 ? 0.1 : 1 - Error(n, 1800 + (100 * draw))),
            ],
        };

        var spread = TransferDraws.Spread(result, WeightsStart.Scratch, 3)!;
        string words = TransferAnswer.Spread(result with { Spread = [spread] }, WeightsStart.Scratch);

        Assert.Equal([1900, 2000, 2100], spread.N95);
        Assert.Contains("1,900, 2,000 and 2,100: 2,000 ± 100", words, StringComparison.Ordinal);
        Assert.Equal("", TransferAnswer.Spread(result, WeightsStart.Pretrained));
    }

    private static DrawPoint Point(int draw, int n, int crossing) =>
        new(WeightsStart.Scratch, draw, n, 1 - Error(n, crossing));

    // The error falls as a power of n, and is 5 % at the crossing.
    private static double Error(int n, int crossing) => 0.05 * Math.Pow((double)n / crossing, -0.6);

    private static TransferResult Swept(int? crossing, int[] visited) => ResultsFileTests.Example.Models.A!.Transfer! with
    {
        LargestN = 8000,
        Scratch = [.. visited.Select(n => new AccuracyPoint(n, n >= crossing ? 0.96 : 0.9))],
        N95Scratch = crossing,
    };
}
