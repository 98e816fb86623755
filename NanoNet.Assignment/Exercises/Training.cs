using NanoNet.Assignment.Results;
using NanoNet.Assignment.Resume;
using NanoNet.Assignment.Terminal;
using NanoNet.Core.Files;
using NanoNet.Core.Models;
using NanoNet.Core.Optimizers;
using NanoNet.Core.Training;

namespace NanoNet.Assignment.Exercises;

/// <summary>Exercise 1: train each model for 20 epochs, just like in class, and then save the models.</summary>
internal static class Training
{
    private static readonly TimeSpan RedrawEvery = TimeSpan.FromSeconds(10);

    /// <summary>How many test images a saved model is read back and tried with.</summary>
    private const int TrialImages = 256;

    public static void Run(Session session, ModelKind kind)
    {
        var options = session.Options;
        int images = options.ImagesOf(kind, session.Fashion.Train.Count);
        int epochs = options.EpochsOf(kind);
        string effort = $"{Words.Number(epochs, "epoch")} on {Words.Count(images)} images";
        session.Screen.Head($"Exercise 1, Model {kind}: {effort}");

        using var examples = Examples.FromImages(session.Device, session.Fashion.Train.Take(images));
        var checkpoint = new TrainingCheckpoint(session, kind);
        var before = checkpoint.Open(session.Screen.Say);
        using var model = before is null ? Create(session, kind) : checkpoint.Load(before);
        SayWhereItBegins(session, before, epochs);

        var done = new List<EpochResult>(before?.Epochs ?? []);
        if (done.Count < epochs)
        {
            session.Screen.Watch($"Model {kind}", watch =>
            {
                var show = new HistoryWriter(
                    session, kind, done, new FitWatch(watch, images, done.Count), RedrawEvery);
                return model.Fit(examples, new FitOptions
                {
                    Epochs = epochs,
                    InitialEpoch = done.Count,
                    BatchSize = options.Batch,
                    Validation = session.Test,
                    Progress = new EpochKeeper(checkpoint, model, done, show),
                }, session.Cancellation);
            });
        }

        Save(session, kind, model);
        Publish(session, kind, model, images, new History(done));
    }

    private static Sequential Create(Session session, ModelKind kind)
    {
        var model = AssignmentModels.Create(kind, session.Device, session.Options.Seed);
        model.Compile(new Sgd(session.Options.LearningRate));
        return model;
    }

    private static void SayWhereItBegins(Session session, TrainingState? before, int epochs)
    {
        if (before?.Epochs.Length == epochs)
        {
            session.Screen.Say("  Already trained with these options; --fresh trains it again.");
        }
        else if (before is not null)
        {
            session.Screen.Say($"  Goes on after epoch {before.Epochs.Length}, where an earlier run was stopped; "
                + "--fresh begins anew.");
        }
    }

    /// <summary>Writes what the training came to. The same for a training that was finished before.</summary>
    private static void Publish(Session session, ModelKind kind, Sequential model, int images, History history)
    {
        var options = session.Options;
        session.Forget(kind);
        var last = history.Epochs[^1].Validation!.Value;
        var seconds = TimeSpan.FromTicks(history.Epochs.Sum(epoch => epoch.Elapsed.Ticks));
        session.Update(kind, results => results with
        {
            Parameters = model.ParameterCount,
            Epochs = history.Epochs.Count,
            Seconds = Math.Round(seconds.TotalSeconds, 3),
            History = HistoryResult.From(history),
            Test = new EvaluationResult(last.Accuracy, last.Loss),
            Training = new TrainingSettings(
                session.Fashion.Name, images, session.Fashion.Train.Count, session.Fashion.Test.Count, options.Batch,
                options.LearningRate, options.Seed, session.DeviceName, TrainedModels.Fingerprint(model)),
        });
        HistoryWriter.Write(session, kind, history.Epochs);
        LayerPictures.Draw(session, kind, model);
        session.Screen.Say($"  Trained in {Words.Duration(seconds)}: {Words.Percent(last.Accuracy)} of the test images "
            + $"right, loss {Words.Loss(last.Loss)}. Saved as models/{Path.GetFileName(session.Output.Model(kind))}.");
    }

    /// <summary>Saves the model; the file takes its place only when what is read back predicts the same.</summary>
    private static void Save(Session session, ModelKind kind, Sequential model)
    {
        AtomicFile.Replace(session.Output.Model(kind), path =>
        {
            model.Save(path);
            using var reloaded = TrainedModels.Load(session, kind, path);
            var test = session.Fashion.Test;
            using var trial = Examples.FromImages(session.Device, test.Take(Math.Min(TrialImages, test.Count)));
            if (!model.Predict(trial).AsSpan().SequenceEqual(reloaded.Predict(trial)))
            {
                throw new AssignmentException($"{session.Output.Model(kind)} was not written: what was read back "
                    + "predicts something else; try again.");
            }
        });
    }
}
