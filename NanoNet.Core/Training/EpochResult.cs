namespace NanoNet.Core.Training;

/// <summary>What an epoch came to.</summary>
/// <param name="Epoch">Its number, from 1.</param>
/// <param name="Training">
/// Loss and accuracy over the epoch's batches as they were trained on: dropout on, weights still moving. So they are not what
/// evaluating the training examples afterwards would give.
/// </param>
/// <param name="Validation">Loss and accuracy on the validation examples after the epoch, or null without any.</param>
/// <param name="Elapsed">How long it took, validation included.</param>
public sealed record EpochResult(int Epoch, Evaluation Training, Evaluation? Validation, TimeSpan Elapsed);
