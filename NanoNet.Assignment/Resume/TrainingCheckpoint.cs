using NanoNet.Assignment.Exercises;
using NanoNet.Assignment.Results;
using NanoNet.Core.Errors;
using NanoNet.Core.Models;
using NanoNet.Core.Training;

namespace NanoNet.Assignment.Resume;

/// <summary>
/// Keeps a training after each epoch: first the weights in a file of the epoch's own, then the state that names it. The
/// second is the moment from which on the epoch counts.
/// </summary>
internal sealed class TrainingCheckpoint
{
    private readonly Session _session;
    private readonly ModelKind _kind;
    private readonly Dictionary<string, string> _settings;
    private readonly Checkpoint<TrainingState> _checkpoint;

    public TrainingCheckpoint(Session session, ModelKind kind)
    {
        _session = session;
        _kind = kind;
        _settings = WorkSettings.OfTraining(session, kind);
        _checkpoint = new(
            session.Output.TrainingState(kind), $"The training of Model {kind} in {session.Output.Given}");
    }

    /// <summary>Where the training stands, or null where it begins.</summary>
    /// <exception cref="AssignmentException">
    /// What is there was trained otherwise, or longer, or another version of this program left it half done.
    /// </exception>
    public TrainingState? Open(Action<string>? say = null)
    {
        var state = _checkpoint.Open(_settings, _session.Options.Quick, say);
        int wanted = _session.Options.EpochsOf(_kind);
        if (state?.Epochs.Length > wanted)
        {
            throw _checkpoint.Refusal($"has had {Words.Number(state.Epochs.Length, "epoch")} instead of {wanted}");
        }

        // What is finished is whichever version's: nothing is added to it.
        string arithmetic = _session.ArithmeticOf(_kind);
        return state?.Epochs.Length < wanted && state.Arithmetic != arithmetic
            ? throw _checkpoint.OtherArithmetic(state, arithmetic)
            : state;
    }

    /// <summary>The model as the last epoch left it, with its optimizer.</summary>
    /// <exception cref="AssignmentException">The file is damaged or not there.</exception>
    public Sequential Load(TrainingState state)
    {
        string path = _session.Output.InCheckpoints(state.File);
        try
        {
            var model = Sequential.Load(path, _session.Device, _session.Options.Seed);
            if (TrainedModels.Fingerprint(model) == state.Weights)
            {
                return model;
            }

            model.Dispose();
        }
        catch (Exception exception) when (exception is DataFormatException or DataNotFoundException)
        {
            throw Damaged(exception);
        }

        throw Damaged(null);

        AssignmentException Damaged(Exception? inner) =>
            _checkpoint.Refusal($"cannot go on, because {state.File} is damaged or not there", inner);
    }

    /// <summary>Forgets the training. The model that was saved when it was done stays until there is another.</summary>
    public void Delete() => _checkpoint.Delete();

    /// <summary>Keeps the training as it is now.</summary>
    public void Write(Sequential model, IReadOnlyList<EpochResult> epochs)
    {
        string file = OutputFolder.EpochWeights(_kind, epochs.Count);
        model.Save(_session.Output.InCheckpoints(file));
        _checkpoint.Write(new TrainingState
        {
            Settings = _settings,
            Arithmetic = _session.ArithmeticOf(_kind),
            Quick = _session.Options.Quick,
            Epochs = [.. epochs],
            File = file,
            Weights = TrainedModels.Fingerprint(model),
        });
        _session.Output.DeleteEpochWeights(_kind, except: file);
    }
}
