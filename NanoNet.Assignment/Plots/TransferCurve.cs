namespace NanoNet.Assignment.Plots;

/// <summary>Accuracy against the number of training images, from one kind of start.</summary>
/// <param name="Points">The computed points, in any order; none is fine.</param>
/// <param name="N95">The number of images that reaches 95 %; null where none of the points does.</param>
public sealed record TransferCurve(IReadOnlyList<TransferPoint> Points, int? N95)
{
    /// <summary>Points for which training went on until it had converged.</summary>
    public IReadOnlyList<TransferPoint> Converged { get; init; } = [];
}
