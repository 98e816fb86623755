using NanoNet.Assignment.Exercises;
using NanoNet.Assignment.Results;

namespace NanoNet.Assignment.Resume;

/// <summary>The points of exercise 4 that need not be computed again.</summary>
internal sealed class TrialMemory
{
    private readonly TransferCheckpoint _checkpoint;
    private readonly string _weights;
    private readonly TransferState? _before;
    private readonly Dictionary<(WeightsStart, int, int, int?), TrialRecord> _trials = [];

    /// <summary>Remembers what earlier runs computed from the same weights.</summary>
    /// <param name="session">Says where it is, and tells the user.</param>
    /// <param name="kind">The model.</param>
    /// <param name="weights">The fingerprint of the weights learnt on Fashion-MNIST.</param>
    public TrialMemory(Session session, ModelKind kind, string weights)
    {
        _weights = weights;
        _checkpoint = new TransferCheckpoint(session, kind);
        if (_checkpoint.Open(session.Screen.Say) is not { } state)
        {
            return;
        }

        if (state.Weights != weights)
        {
            session.Screen.Say($"  Model {kind} was trained anew since: exercise 4 begins anew.");
            return;
        }

        _before = state;
        foreach (var trial in state.Trials)
        {
            _trials[Key(trial)] = trial;
        }

        session.Screen.Say($"  {Words.Number(_trials.Count, "training")} of an earlier run "
            + $"{(_trials.Count == 1 ? "is" : "are")} kept; --fresh begins anew.");
    }

    /// <summary>A point that was computed before, or null.</summary>
    /// <param name="start">Where it started from.</param>
    /// <param name="draw">Which draw it was.</param>
    /// <param name="n">How many digits.</param>
    /// <param name="mostSteps">For a training until converged, when it is given up.</param>
    public TrialRecord? Find(WeightsStart start, int draw, int n, int? mostSteps = null) =>
        _trials.GetValueOrDefault((start, draw, n, mostSteps));

    /// <summary>To be called before a point is computed. What is complete already is whichever version's.</summary>
    /// <exception cref="AssignmentException">Another version, of other sums, computed those that are kept.</exception>
    public void RequireRoomForMore()
    {
        if (_before is not null)
        {
            _checkpoint.RequireSameArithmetic(_before);
        }
    }

    /// <summary>Keeps a point.</summary>
    public void Add(TrialRecord trial)
    {
        _trials[Key(trial)] = trial;
        _checkpoint.Write(_weights, _trials.Values);
    }

    private static (WeightsStart, int, int, int?) Key(TrialRecord trial) =>
        (trial.Start, trial.Draw, trial.N, trial.MostSteps);
}
