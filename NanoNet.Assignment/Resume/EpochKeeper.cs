using NanoNet.Core.Models;
using NanoNet.Core.Training;

namespace NanoNet.Assignment.Resume;

/// <summary>Keeps each epoch before anyone is told that it is done.</summary>
/// <param name="checkpoint">Where to keep it.</param>
/// <param name="model">The model that is trained.</param>
/// <param name="epochs">The epochs so far; each new one is added.</param>
/// <param name="next">Is told after.</param>
internal sealed class EpochKeeper(
    TrainingCheckpoint checkpoint, Sequential model, List<EpochResult> epochs, IProgress<FitProgress> next)
    : IProgress<FitProgress>
{
    public void Report(FitProgress value)
    {
        if (value.Finished is { } epoch)
        {
            epochs.Add(epoch);
            checkpoint.Write(model, epochs);
        }

        next.Report(value);
    }
}
