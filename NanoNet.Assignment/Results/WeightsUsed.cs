namespace NanoNet.Assignment.Results;

/// <summary>Fingerprints of the weights with which each part was computed.</summary>
internal sealed record WeightsUsed
{
    public string? Confusion { get; init; }

    public string? Extremes { get; init; }

    public string? Transfer { get; init; }
}
