using System.Globalization;
using NanoNet.Core.Training;

namespace NanoNet.Assignment.Terminal;

/// <summary>
/// Shows how training goes: a bar with the time left, throughput, loss and accuracy, and a line for each epoch.
/// </summary>
/// <param name="watch">Where to show it.</param>
/// <param name="images">Images of an epoch.</param>
/// <param name="initialEpoch">How many epochs an earlier run did.</param>
internal sealed class FitWatch(IWatch watch, int images, int initialEpoch = 0) : IProgress<FitProgress>
{
    private TimeSpan _epochStart;

    public void Report(FitProgress value)
    {
        if (value.Finished is { } epoch)
        {
            watch.Milestone(Line(epoch, value.Epochs));
            _epochStart = value.Elapsed;
            return;
        }

        double share = (double)value.StepsDone / value.TotalSteps;
        long before = (long)initialEpoch * value.Steps;
        var left = value.Elapsed * ((double)(value.TotalSteps - value.StepsDone) / (value.StepsDone - before));
        double rate = images * ((double)value.Step / value.Steps) / (value.Elapsed - _epochStart).TotalSeconds;
        watch.Report(share, $"{Words.Duration(left)} left  "
            + $"epoch {value.Epoch}/{value.Epochs}  {Words.Count((long)rate)} img/s  "
            + $"loss {Words.Loss(value.Running.Loss)}  accuracy {Figure(value.Running.Accuracy)}");
    }

    private static string Line(EpochResult epoch, int epochs)
    {
        int width = epochs.ToString(CultureInfo.InvariantCulture).Length;
        string number = epoch.Epoch.ToString(CultureInfo.InvariantCulture).PadLeft(width);
        string line = $"  Epoch {number}/{epochs}  {Words.Duration(epoch.Elapsed)}  "
            + $"loss {Words.Loss(epoch.Training.Loss)}, accuracy {Figure(epoch.Training.Accuracy)}";
        return epoch.Validation is { } test
            ? $"{line}; test {Words.Loss(test.Loss)}, {Figure(test.Accuracy)}"
            : line;
    }

    private static string Figure(double accuracy) => accuracy.ToString("F4", CultureInfo.InvariantCulture);
}
