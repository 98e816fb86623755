using NanoNet.Assignment.Exercises;
using Xunit;

namespace NanoNet.Tests.Assignment;

public sealed class ConfusionTests
{
    [Fact]
    public void RowsAreTrueColumnsArePredicted()
    {
        var predictions = ExtremesTests.Predict([[0, 1, 0], [0, 1, 0], [5, 0, 0], [0, 0, 9]], 0, 1, 2, 2);

        Assert.Equal(new[,] { { 0, 1, 0 }, { 0, 1, 0 }, { 1, 0, 1 } }, Confusion.Count(predictions));
    }

    [Fact]
    public void PairsComeByScoreThenByClass()
    {
        int[,] counts = { { 90, 1, 2, 3 }, { 4, 90, 3, 0 }, { 3, 2, 90, 9 }, { 2, 1, 0, 90 } };
        var pairs = Confusion.RankPairs(counts, ["a", "b", "c", "d"]);

        Assert.Equal(
            [(2, 3, 9), (0, 1, 5), (0, 2, 5), (0, 3, 5), (1, 2, 5), (1, 3, 1)],
            pairs.Select(pair => (pair.I, pair.J, pair.Score)));
        Assert.Equal(["c", "d"], pairs[0].Names);
    }

    [Fact]
    public void StripsHoldAPairsMistakesBothWaysTheMostConfidentFirst()
    {
        var predictions = ExtremesTests.Predict([[0, 1, 0], [0, 9, 0], [5, 0, 0], [0, 0, 7]], 0, 0, 1, 1);
        var strip = Confusion.Strip(new(0, 1, ["a", "b"], 3), Mistake.All(predictions));

        Assert.Equal([(1, 0, 1), (2, 1, 0), (0, 0, 1)], strip.Mistakes.Select(m => (m.Index, m.Label, m.Predicted)));
        Assert.Equal((0, 1, 3), (strip.I, strip.J, strip.Count));
    }

    [Fact]
    public void TenClassesHave45Pairs()
    {
        Assert.Equal(45, Confusion.RankPairs(new int[10, 10], [.. "abcdefghij".Select(letter => $"{letter}")]).Length);
    }
}
