using NanoNet.Assignment.Exercises;
using NanoNet.Assignment.Results;
using Xunit;

namespace NanoNet.Tests.Assignment;

public sealed class SweepTests
{
    [Fact]
    public void N95NeedsThreeConsecutiveSteps()
    {
        Assert.Equal(300, Sweep.FindN95(
            Points((100, 0.96), (200, 0.94), (300, 0.95), (400, 0.95), (500, 0.99), (600, 0.9)), 100));
        Assert.Null(Sweep.FindN95(Points((100, 0.96), (200, 0.96), (300, 0.9), (400, 0.96), (500, 0.96)), 100));
        Assert.Null(Sweep.FindN95(Points((100, 0.97), (300, 0.97), (500, 0.97), (1000, 0.99)), 100));
        Assert.Null(Sweep.FindN95(Points((100, double.NaN), (200, double.NaN), (300, double.NaN)), 100));
        Assert.Null(Sweep.FindN95(Points(), 100));
    }

    [Fact]
    public void EveryStepStopsAfterTheThirdInARow()
    {
        var visited = new List<int>();
        var sweep = Create(n => n >= 500 || n == 300 ? 0.96 : 0.9, visited, largestN: 6000);

        Assert.Equal(SweepKind.EveryStep, sweep.VisitEveryStep());
        Assert.Equal([100, 200, 300, 400, 500, 600, 700], visited);
        Assert.Equal(500, sweep.N95);
    }

    [Fact]
    public void EveryStepEndsWithTheRange()
    {
        var visited = new List<int>();
        var sweep = Create(_ => 0.5, visited, largestN: 450);

        sweep.VisitEveryStep();
        Assert.Equal([100, 200, 300, 400], visited);
        Assert.Null(sweep.N95);
    }

    [Fact]
    public void SearchFillsInAroundTheCrossing()
    {
        var visited = new List<int>();
        var sweep = Create(n => n >= 4300 ? 0.955 : 0.94, visited, largestN: 60000);

        Assert.Equal(SweepKind.Bracketed, sweep.Search());
        Assert.Equal(4300, sweep.N95);
        Assert.Equal([100, 200, 400, 800, 1600, 3200, 6400], visited.Take(7));
        Assert.All([4100, 4200, 4300, 4400, 4500], n => Assert.Contains(n, visited));
        Assert.True(visited.Count < 25, $"{visited.Count} points visited");
        Assert.Equal(visited.Count, visited.Distinct().Count());
    }

    [Theory]
    [InlineData("1400 1600 1700 1800 1900")]
    [InlineData("1600 1900 2000 2100")]
    [InlineData("100 300 600")]
    [InlineData("")]
    public void TheStepUnderWayIsAlwaysAmongThoseAhead(string reaching)
    {
        // Such curves ask for steps that nobody foresaw: up past a dip, and down past a step that reaches by luck.
        var goals = reaching.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse).ToHashSet();
        foreach (var visit in (Func<Sweep, SweepKind>[])[
            sweep => sweep.Search(), sweep => sweep.VisitEveryStep(), sweep => sweep.Visit([100, 300])])
        {
            Sweep? sweep = null;
            sweep = new Sweep(100, 3200, n =>
            {
                Assert.Contains(n, sweep!.Ahead);
                Assert.DoesNotContain(sweep.Ahead, sweep.Points.ContainsKey);
                return goals.Contains(n) || n > 3000 ? 0.96 : 0.9;
            });
            visit(sweep);
        }
    }

    [Fact]
    public void SearchGoesOnWhereTheCrossingIsNotLasting()
    {
        // 1,600 reaches, but the steps after it do not: the answer lies behind the dip.
        double Accuracy(int n) => n == 1600 || n >= 1900 ? 0.96 : 0.94;
        var sweep = Create(Accuracy, [], largestN: 60000);

        sweep.Search();
        Assert.Equal(1900, sweep.N95);
    }

    [Fact]
    public void SearchFindsAnEarlierTripleJustBelow()
    {
        double Accuracy(int n) => n is >= 2600 and <= 2800 or >= 3000 ? 0.96 : 0.94;
        var sweep = Create(Accuracy, [], largestN: 60000);

        sweep.Search();
        Assert.Equal(2600, sweep.N95);
    }

    [Theory]
    [InlineData(2900)]
    [InlineData(6300)]
    [InlineData(12700)]
    public void SearchOnASmoothCurveVisitsLittleMoreThanTheAnswerNeeds(int crossing)
    {
        var visited = new List<int>();
        var sweep = Create(n => 1 - (0.05 * Math.Pow(n / (crossing - 50.0), -0.7)), visited, largestN: 60000);

        sweep.Search();
        int doublings = visited.Count(n => int.IsPow2(n / 100));
        Assert.Equal(crossing, sweep.N95);
        Assert.InRange(visited.Count - doublings, 4, 7);
    }

    [Theory]
    [InlineData(8000, 8000)]
    [InlineData(8050, 8000)]
    [InlineData(60000, 60000)]
    [InlineData(100, 100)]
    public void SearchWithoutACrossingEndsAtTheLastStep(int largestN, int last)
    {
        var visited = new List<int>();
        var sweep = Create(_ => 0.5, visited, largestN);

        Assert.Equal(SweepKind.Bracketed, sweep.Search());
        Assert.Null(sweep.N95);
        Assert.Equal(last, visited.Max());
    }

    [Fact]
    public void SearchReachedAtOnceVisitsThree()
    {
        var visited = new List<int>();
        var sweep = Create(_ => 0.99, visited, largestN: 60000);

        sweep.Search();
        Assert.Equal([100, 200, 300], visited.Order());
        Assert.Equal(100, sweep.N95);
    }

    [Fact]
    public void GivenSizesStayWithinTheRange()
    {
        var visited = new List<int>();
        var sweep = Create(_ => 0.99, visited, largestN: 400);

        Assert.Equal(SweepKind.Listed, sweep.Visit([100, 300, 1000]));
        Assert.Equal([100, 300], visited);
    }

    [Fact]
    public void AheadHoldsWhatMayComeAndNothingThatIsDone()
    {
        Sweep? sweep = null;
        sweep = new Sweep(100, 60000, n =>
        {
            Assert.Contains(n, sweep!.Ahead);
            Assert.Empty(sweep.Ahead.Intersect(sweep.Points.Keys));
            return n >= 4300 ? 0.96 : 0.94;
        });

        sweep.Search();
        Assert.Equal(4300, sweep.N95);
    }

    private static Sweep Create(Func<int, double> accuracyOf, List<int> visited, int largestN) => new(100, largestN, n =>
    {
        visited.Add(n);
        return accuracyOf(n);
    });

    private static Dictionary<int, double> Points(params (int N, double Accuracy)[] points) =>
        points.ToDictionary(point => point.N, point => point.Accuracy);
}
