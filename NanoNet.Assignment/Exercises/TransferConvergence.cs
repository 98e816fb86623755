using NanoNet.Assignment.Results;
using NanoNet.Assignment.Terminal;

namespace NanoNet.Assignment.Exercises;

/// <summary>
/// What a fixed number of epochs does to small n: it gives them few steps. A few n again, trained on until converged.
/// </summary>
internal static class TransferConvergence
{
    public static void Run(Session session, ModelKind kind, TransferTrial trial, TransferWriter writer)
    {
        int mostSteps = session.Options.ConvergeStepsOf(kind);
        if (mostSteps == 0)
        {
            return;
        }

        var sizes = session.Options.ConvergeSizesOf(kind).Where(n => n <= writer.Result.LargestN).ToList();
        foreach (int n in sizes)
        {
            foreach (var start in Enum.GetValues<WeightsStart>())
            {
                string name = $"{Words.Sentence(Words.Of(start))}, n = {Words.Count(n)}";
                var point = session.Screen.Watch("Until converged", watch =>
                    trial.Converge(start, n, mostSteps, new StepsWatch(watch, name, mostSteps)));
                writer.Add(point);
                string end = point.Reached ? "converged" : "not yet converged";
                session.Screen.Say($"  {name}, {end} after {Words.Number(point.Steps, "step")}: "
                    + $"{Words.Percent(point.Accuracy)}  ({trial.Took})");
            }
        }
    }
}
