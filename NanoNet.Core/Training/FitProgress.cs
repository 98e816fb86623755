namespace NanoNet.Core.Training;

/// <summary>Where training stands: reported a few times a second and at the end of each epoch.</summary>
/// <param name="Epoch">The epoch under way, from 1.</param>
/// <param name="Epochs">How many there will be.</param>
/// <param name="Step">Steps done in this epoch.</param>
/// <param name="Steps">Steps of an epoch.</param>
/// <param name="Running">Loss and accuracy over this epoch's batches so far.</param>
/// <param name="Elapsed">Time since training began.</param>
/// <param name="Finished">The result of the epoch, when it has just ended; else null.</param>
public sealed record FitProgress(
    int Epoch, int Epochs, int Step, int Steps, Evaluation Running, TimeSpan Elapsed, EpochResult? Finished)
{
    /// <summary>Steps done in all epochs.</summary>
    public long StepsDone => (long)(Epoch - 1) * Steps + Step;

    /// <summary>Steps of all epochs.</summary>
    public long TotalSteps => (long)Epochs * Steps;
}
