using NanoNet.Assignment.Exercises;
using NanoNet.Core.Training;

namespace NanoNet.Assignment.Terminal;

/// <summary>Shows how a sweep of exercise 4 goes while one of its points is computed.</summary>
/// <param name="watch">Where to show it.</param>
/// <param name="trial">Knows how long things take.</param>
/// <param name="sweep">Knows what is done and what may come.</param>
/// <param name="n">The point under way.</param>
internal sealed class TrialWatch(IWatch watch, TransferTrial trial, Sweep sweep, int n) : IProgress<FitProgress>
{
    public void Report(FitProgress value)
    {
        double now = n * (double)value.StepsDone / value.TotalSteps;
        double done = sweep.Points.Keys.Sum(visited => (double)visited) + now;
        double ahead = sweep.Ahead.Sum(coming => (double)coming) - now;
        string left = trial.Estimate(sweep.Ahead) is { } estimate
            ? $"at most {Words.Duration(estimate * (ahead / (ahead + now)))} left  "
            : "";
        watch.Report(done / (done + ahead), $"{left}n = {Words.Count(n)}  epoch {value.Epoch}/{value.Epochs}  "
            + $"loss {Words.Loss(value.Running.Loss)}");
    }
}
