using NanoNet.Assignment.Exercises;
using NanoNet.Assignment.Results;

namespace NanoNet.Assignment.Report;

/// <summary>What learnt weights change at one n: the accuracy from them less that from random ones.</summary>
/// <param name="N">How many digits were trained on.</param>
/// <param name="ByDraw">The change in each draw that was made from both starts, the curve's own first.</param>
internal sealed record AccuracyGain(int N, IReadOnlyList<double> ByDraw)
{
    /// <summary>The mean of the draws: one alone can mislead where n is small.</summary>
    public double Mean => ByDraw.Average();

    /// <summary>The gains at all n that were visited from both starts, by rising n.</summary>
    public static IReadOnlyList<AccuracyGain> Of(TransferResult transfer)
    {
        var scratch = Draws(transfer, WeightsStart.Scratch).ToDictionary(point => (point.N, point.Draw));
        return
        [
            .. Draws(transfer, WeightsStart.Pretrained)
                .Where(point => scratch.ContainsKey((point.N, point.Draw)))
                .GroupBy(
                    point => point.N,
                    point => (point.Draw, Gain: point.Accuracy - scratch[(point.N, point.Draw)].Accuracy))
                .Where(gains => gains.Any(gain => gain.Draw == TransferTrial.FirstDraw))
                .OrderBy(gains => gains.Key)
                .Select(gains => new AccuracyGain(
                    gains.Key, [.. gains.OrderBy(gain => gain.Draw).Select(gain => gain.Gain)])),
        ];
    }

    private static IEnumerable<DrawPoint> Draws(TransferResult transfer, WeightsStart start) =>
        transfer.Points(start)
            .Select(point => new DrawPoint(start, TransferTrial.FirstDraw, point.N, point.Accuracy))
            .Concat(transfer.Draws.Where(point => point.Start == start))
            .DistinctBy(point => (point.N, point.Draw));
}
