namespace NanoNet.Core.Training;

/// <summary>What training came to, epoch by epoch; Keras' four curves.</summary>
/// <param name="epochs">The epochs in order.</param>
public sealed class History(IReadOnlyList<EpochResult> epochs)
{
    /// <summary>The epochs in order.</summary>
    public IReadOnlyList<EpochResult> Epochs { get; } = epochs;

    /// <summary>Accuracy over each epoch's batches.</summary>
    public IReadOnlyList<double> Accuracy => [.. Epochs.Select(epoch => epoch.Training.Accuracy)];

    /// <summary>Loss over each epoch's batches.</summary>
    public IReadOnlyList<double> Loss => [.. Epochs.Select(epoch => epoch.Training.Loss)];

    /// <summary>Accuracy on the validation examples after each epoch; empty without any.</summary>
    public IReadOnlyList<double> ValAccuracy => [.. Validation.Select(evaluation => evaluation.Accuracy)];

    /// <summary>Loss on the validation examples after each epoch; empty without any.</summary>
    public IReadOnlyList<double> ValLoss => [.. Validation.Select(evaluation => evaluation.Loss)];

    private IEnumerable<Evaluation> Validation => Epochs.Where(epoch => epoch.Validation is not null).Select(epoch => epoch.Validation!.Value);
}
