using NanoNet.Core.Training;

namespace NanoNet.Assignment.Terminal;

/// <summary>Shows one of several trainings that take about as long as one another.</summary>
/// <param name="watch">Where to show it.</param>
/// <param name="name">What it is.</param>
/// <param name="done">How many are done.</param>
/// <param name="all">How many there are.</param>
internal sealed class PartWatch(IWatch watch, string name, int done, int all) : IProgress<FitProgress>
{
    public void Report(FitProgress value) => watch.Report(
        (done + ((double)value.StepsDone / value.TotalSteps)) / all,
        $"{name}  epoch {value.Epoch}/{value.Epochs}  loss {Words.Loss(value.Running.Loss)}");
}
