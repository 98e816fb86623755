using NanoNet.Assignment.Exercises;

namespace NanoNet.Assignment.Resume;

/// <summary>
/// Keeps each point of exercise 4. A point depends on the settings and the learnt weights only, so one that is kept is
/// taken for granted whichever sweep asks for it, and whatever steps and ends that has.
/// </summary>
internal sealed class TransferCheckpoint
{
    private readonly Session _session;
    private readonly ModelKind _kind;
    private readonly Dictionary<string, string> _settings;
    private readonly Checkpoint<TransferState> _checkpoint;

    public TransferCheckpoint(Session session, ModelKind kind)
    {
        _session = session;
        _kind = kind;
        _settings = WorkSettings.OfTransfer(session, kind);
        _checkpoint = new(
            session.Output.TransferState(kind), $"Exercise 4 with Model {kind} in {session.Output.Given}");
    }

    /// <summary>What was computed already, or null where nothing was.</summary>
    /// <exception cref="AssignmentException">What is there was computed otherwise.</exception>
    public TransferState? Open(Action<string>? say = null) =>
        _checkpoint.Open(_settings, _session.Options.Quick, say);

    /// <summary>To be called before a point is added to what was computed already.</summary>
    /// <exception cref="AssignmentException">Another version of this program computed that, by other sums.</exception>
    public void RequireSameArithmetic(TransferState state)
    {
        string arithmetic = _session.ArithmeticOf(_kind);
        if (state.Arithmetic != arithmetic)
        {
            throw _checkpoint.OtherArithmetic(state, arithmetic);
        }
    }

    /// <summary>Forgets all points.</summary>
    public void Delete() => _checkpoint.Delete();

    /// <summary>Keeps all points so far.</summary>
    public void Write(string weights, IEnumerable<TrialRecord> trials) => _checkpoint.Write(new TransferState
    {
        Settings = _settings,
        Arithmetic = _session.ArithmeticOf(_kind),
        Quick = _session.Options.Quick,
        Weights = weights,
        Trials = [.. trials],
    });
}
