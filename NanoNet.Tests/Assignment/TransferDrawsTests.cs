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
        Assert.Equal(crossing, TransferDraws.Cross([.. sizes.Select(n => new AccuracyPoint(n, 1 - Error(n, crossing)))]));
    }

    [Theory]
    [InlineData(8000)]
    [InlineData(500)]
    public void ALineIsNotFollowedFar(int crossing)
    {
        Assert.Null(TransferDraws.Cross([new(1600, 1 - Error(1600, crossing)), new(2000, 1 - Error(2000, crossing))]));
    }

    [Fact]
    public void PointsThatDoNotTellGiveNoCrossing()
    {
        Assert.Null(TransferDraws.Cross([]));
        Assert.Null(TransferDraws.Cross([new(1000, 0.95)]));
        Assert.Null(TransferDraws.Cross([new(1000, 0.95), new(2000, 0.94)]));
        Assert.Null(TransferDraws.Cross([new(1000, 0.94), new(1000, 0.96)]));
        Assert.Null(TransferDraws.Cross([new(1000, double.NaN), new(2000, 1)]));
    }

    [Fact]
    public void DoublingsAndTheNeighboursOfTheCrossingAreDrawnAgain()
    {
        var result = Swept(crossing: 2000, visited: [100, 200, 400, 800, 1600, 1700, 2000, 2100, 3200]);

        Assert.Equal(
            [100, 200, 400, 800, 1600, 2000, 2500],
            TransferDraws.Sizes(new RunOptions(), ModelKind.B, result, WeightsStart.Scratch));
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
        var result = Swept(crossing: 2000, visited: [1600, 2000, 2500]) with
        {
            Draws =
            [
                .. from draw in (int[])[1, 2, 3]
                   from n in (int[])[100, 1600, 2000, 2500]
                   select new DrawPoint(WeightsStart.Scratch, draw, n, n == 100 ? 0.1 : 1 - Error(n, 1800 + (100 * draw))),
            ],
        };

        var spread = TransferDraws.Spread(result, WeightsStart.Scratch, 3)!;
        string words = TransferAnswer.Spread(result with { Spread = [spread] }, WeightsStart.Scratch);

        Assert.Equal([1900, 2000, 2100], spread.N95);
        Assert.Contains("1,900, 2,000 and 2,100: 2,000 ± 100", words, StringComparison.Ordinal);
        Assert.Equal("", TransferAnswer.Spread(result, WeightsStart.Pretrained));
    }

    // The error falls as a power of n, and is 5 % at the crossing.
    private static double Error(int n, int crossing) => 0.05 * Math.Pow((double)n / crossing, -0.6);

    private static TransferResult Swept(int? crossing, int[] visited) => ResultsFileTests.Example.Models.A!.Transfer! with
    {
        LargestN = 8000,
        Scratch = [.. visited.Select(n => new AccuracyPoint(n, n >= crossing ? 0.96 : 0.9))],
        N95Scratch = crossing,
    };
}
