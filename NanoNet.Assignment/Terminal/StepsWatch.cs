using NanoNet.Core.Training;

namespace NanoNet.Assignment.Terminal;

/// <summary>Shows a training that ends by itself, or after so many steps.</summary>
/// <param name="watch">Where to show it.</param>
/// <param name="name">What it is.</param>
/// <param name="mostSteps">The steps after which it ends in any case.</param>
internal sealed class StepsWatch(IWatch watch, string name, int mostSteps) : IProgress<FitProgress>
{
    public void Report(FitProgress value) => watch.Report(
        Math.Min(1, (double)value.StepsDone / mostSteps),
        $"{name}  {Words.Count(value.StepsDone)} of at most {Words.Count(mostSteps)} steps  "
            + $"loss {Words.Loss(value.Running.Loss)}");
}
