using NanoNet.Core.Training;

namespace NanoNet.Assignment.Resume;

/// <summary>
/// A training after some of its epochs. The weights and the optimizer's state are in a file of their own.
/// </summary>
internal sealed record TrainingState : WorkState
{
    /// <summary>What each epoch so far came to.</summary>
    public required EpochResult[] Epochs { get; init; }

    /// <summary>The name of the file with weights and optimizer, in the same folder.</summary>
    public required string File { get; init; }

    /// <summary>The fingerprint of the weights in it.</summary>
    public required string Weights { get; init; }
}
