using System.Text.Json.Serialization;
using NanoNet.Assignment.Results;

namespace NanoNet.Assignment.Resume;

/// <summary>The points of exercise 4 that one model has so far, in the order in which they were computed.</summary>
internal sealed record TransferState : WorkState
{
    /// <summary>The fingerprint of the weights learnt on Fashion-MNIST.</summary>
    public required string Weights { get; init; }

    [JsonConverter(typeof(OneLineItemsConverter<TrialRecord[], TrialRecord>))]
    public TrialRecord[] Trials { get; init; } = [];
}
