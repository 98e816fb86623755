using NanoNet.Assignment.Exercises;
using NanoNet.Assignment.Results;
using Xunit;

namespace NanoNet.Tests.Assignment;

public sealed class ExtremesTests
{
    /// <summary>Three classes; all images are of class 0 and taken for class 1.</summary>
    private static ExtremesResult Find(params float[][] rows) => Extremes.Find(Mistake.All(Predict(rows)), 3);

    [Fact]
    public void EachCellHoldsItsOwnMistakesAndTheDiagonalNone()
    {
        var predictions = Predict([[0, 2, 1], [0, 1, 2], [3, 0, 0], [0, 4, 0]]);
        var extremes = Extremes.Find(Mistake.All(predictions), 3);

        Assert.Equal((0, 3), (extremes.Loss.Lowest[0][1]!.Index, extremes.Loss.Highest[0][1]!.Index));
        Assert.Equal(1, extremes.Loss.Lowest[0][2]!.Index);
        Assert.Null(extremes.Loss.Lowest[0][0]);
        Assert.All(extremes.Probability.Highest.Skip(1), row => Assert.All(row, Assert.Null));
    }

    [Fact]
    public void LossAndProbabilityOrderIndependently()
    {
        // A third class shares the mass of image 1: its predicted class is less sure, yet its loss is higher.
        var extremes = Find([1, 2, -9], [0, 2, 1.9f]);

        Assert.Equal((0, 1), (extremes.Loss.Lowest[0][1]!.Index, extremes.Loss.Highest[0][1]!.Index));
        Assert.Equal((1, 0), (extremes.Probability.Lowest[0][1]!.Index, extremes.Probability.Highest[0][1]!.Index));
    }

    [Fact]
    public void LossesAtTheClipAreToldApartByTheLogSoftmax()
    {
        var extremes = Find([-30, 0, -50], [-40, 0, -50], [-35, 0, -50]);

        Assert.All(extremes.Loss.Highest[0], cell => Assert.True(cell is null or { Loss: > 16.118f and < 16.1181f }));
        Assert.Equal(1, extremes.Loss.Highest[0][1]!.Index);
        Assert.Equal(0, extremes.Loss.Lowest[0][1]!.Index);
    }

    [Fact]
    public void ProbabilitiesThatRoundToOneAreToldApartByTheLogSoftmax()
    {
        var extremes = Find([-30, 0, -50], [-40, 0, -50], [-35, 0, -50]);

        Assert.Equal(1f, extremes.Probability.Lowest[0][1]!.Probability);
        Assert.Equal(0, extremes.Probability.Lowest[0][1]!.Index);
        Assert.Equal(1, extremes.Probability.Highest[0][1]!.Index);
    }

    [Fact]
    public void RealTiesGoToTheLowerIndex()
    {
        var extremes = Find([0, 1, 0], [0, 1, 0], [0, 1, 0]);

        Assert.All(
            [extremes.Loss.Lowest, extremes.Loss.Highest, extremes.Probability.Lowest, extremes.Probability.Highest],
            grid => Assert.Equal(0, grid[0][1]!.Index));
    }

    [Fact]
    public void FirstOfEqualScoresIsPredicted()
    {
        var predictions = Predict([[1, 1, 1], [0, 5, 5]]);

        Assert.Equal((0, 1), (predictions.Predicted(0), predictions.Predicted(1)));
    }

    [Fact]
    public void LogSoftmaxOfTheScoresIsNeverClipped()
    {
        var predictions = Predict([[-100, 0, -1000]]);

        Assert.Equal(-100, predictions.LogProbability(0, 0), 1e-9);
        Assert.Equal(-1000, predictions.LogProbability(0, 2), 1e-9);
    }

    [Fact]
    public void ScoresThatAreNotNumbersAreNoError()
    {
        var extremes = Extremes.Find(Mistake.All(Predict([[float.NaN, float.NaN, float.NaN]])), 3);

        Assert.All(extremes.Loss.Lowest, row => Assert.All(row, Assert.Null));
    }

    internal static Predictions Predict(float[][] rows, params byte[] labels)
    {
        float[] logits = [.. rows.SelectMany(row => row)];
        return new(logits, [.. rows.SelectMany(Softmax)], labels.Length > 0 ? labels : new byte[rows.Length]);
    }

    private static float[] Softmax(float[] row)
    {
        double[] exponentials = [.. row.Select(score => Math.Exp(score - row.Max()))];
        return [.. exponentials.Select(value => (float)(value / exponentials.Sum()))];
    }
}
