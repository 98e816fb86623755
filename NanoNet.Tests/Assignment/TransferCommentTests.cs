using NanoNet.Assignment.Report;
using NanoNet.Assignment.Results;
using Xunit;

namespace NanoNet.Tests.Assignment;

/// <summary>What the report says of transfer learning follows from the figures, those of all draws.</summary>
public sealed class TransferCommentTests
{
    // At n = 100 the curve's own draw flatters the learnt weights: +20 points, where the others say -5 and +6.
    private static readonly TransferResult Example = new()
    {
        Data = "MNIST",
        Epochs = 20,
        Step = 100,
        LargestN = 60000,
        Pool = 60000,
        TestImages = 10000,
        Batch = 32,
        LearningRate = 0.01f,
        Seed = 42,
        Device = "cpu: a machine",
        Pretrained = [new(100, 0.55), new(200, 0.96), new(300, 0.97)],
        Scratch = [new(100, 0.35), new(200, 0.94), new(400, 0.97)],
        N95Pretrained = 200,
        N95Scratch = 400,
        Draws =
        [
            new(WeightsStart.Pretrained, 1, 100, 0.55), new(WeightsStart.Scratch, 1, 100, 0.35),
            new(WeightsStart.Pretrained, 2, 100, 0.45), new(WeightsStart.Scratch, 2, 100, 0.50),
            new(WeightsStart.Pretrained, 3, 100, 0.51), new(WeightsStart.Scratch, 3, 100, 0.45),
            new(WeightsStart.Pretrained, 2, 300, 0.97),
        ],
    };

    [Fact]
    public void AGainIsTheMeanOfTheDrawsThatBothStartsMade()
    {
        var gains = AccuracyGain.Of(Example);

        Assert.Equal([100, 200], gains.Select(gain => gain.N));
        Assert.Equal([0.20, -0.05, 0.06], gains[0].ByDraw.Select(gain => Math.Round(gain, 6)));
        Assert.Equal(0.07, gains[0].Mean, 6);
        Assert.Contains(
            "by +7.0 points at n = 100 (between −5.0 and +20.0 in 3 draws) and by +2.0 points at n = 200",
            Comment(Example), StringComparison.Ordinal);
    }

    [Fact]
    public void WhatIsSavedIsCounted() =>
        Assert.Contains("200 digits instead of 400: 200 fewer, or 50 %.", Comment(Example), StringComparison.Ordinal);

    [Theory]
    [InlineData(0.700, 0.720, "trained on, a random start does as well.")]
    [InlineData(0.720, 0.700, "learnt weights help even those who train for as long as it takes.")]
    [InlineData(0.720, 0.700, "learnt weights help even those who train for as long as it takes.", 200)]
    public void WhatIsLeftOfAGainIsSaid(double pretrained, double scratch, string verdict, int n = 100)
    {
        string comment = Comment(Converged(pretrained, scratch, n));

        Assert.Contains(verdict, comment, StringComparison.Ordinal);
        Assert.DoesNotContain("So ", Comment(Example), StringComparison.Ordinal);
    }

    [Fact]
    public void WhereNothingWasGainedNothingIsLeft()
    {
        var none = Converged(0.7, 0.72, 100) with { Draws = [], Pretrained = [new(100, 0.35)] };

        Assert.DoesNotContain("So ", Comment(none), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.8823, "88.23 %")]
    [InlineData(0.99995, "over 99.99 %")]
    [InlineData(1, "100.00 %")]
    [InlineData(double.NaN, "not a number")]
    public void AShareShortOfTheWholeIsNotRoundedUpToIt(double share, string words) =>
        Assert.Equal(words, NanoNet.Assignment.Words.Percent(share));

    private static TransferResult Converged(double pretrained, double scratch, int n) => Example with
    {
        Converged =
        [
            new(WeightsStart.Pretrained, n, pretrained, 100, 400, 0.02, true),
            new(WeightsStart.Scratch, n, scratch, 100, 400, 0.02, true),
        ],
    };

    private static string Comment(TransferResult transfer)
    {
        var text = new Markdown();
        TransferComment.Append(text, new RunResults { Models = new() { A = new() { Transfer = transfer } } });
        return text.ToString();
    }
}
