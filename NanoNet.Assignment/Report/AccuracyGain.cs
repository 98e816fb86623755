using NanoNet.Assignment.Results;

namespace NanoNet.Assignment.Report;

/// <summary>What learnt weights change at one n.</summary>
/// <param name="N">How many digits were trained on.</param>
/// <param name="Gain">The accuracy from learnt weights less that from random ones.</param>
internal sealed record AccuracyGain(int N, double Gain)
{
    /// <summary>The gains at all n that were visited from both starts, by rising n.</summary>
    public static IReadOnlyList<AccuracyGain> Of(TransferResult transfer) =>
    [
        .. transfer.Pretrained.Join(
            transfer.Scratch, point => point.N, point => point.N,
            (pretrained, scratch) => new AccuracyGain(pretrained.N, pretrained.Accuracy - scratch.Accuracy)),
    ];
}
