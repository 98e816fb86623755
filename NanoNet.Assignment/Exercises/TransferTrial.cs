using System.Diagnostics;
using NanoNet.Assignment.Results;
using NanoNet.Assignment.Resume;
using NanoNet.Core.Models;
using NanoNet.Core.Optimizers;
using NanoNet.Core.Randomness;
using NanoNet.Core.Training;

namespace NanoNet.Assignment.Exercises;

/// <summary>
/// Trains one model on n digits, from learnt or from random weights, as often as asked: one model object and one copy
/// of the digits on the device serve all, so no run leaves anything behind. What a run gives depends on seed, model and
/// n only.
/// </summary>
internal sealed class TransferTrial : IDisposable
{
    /// <summary>
    /// Which repetition this is; 0 is the training of exercise 1, whose first weights are not to be met again here.
    /// </summary>
    private const int Draw = 1;

    private readonly Session _session;
    private readonly Sequential _model;
    private readonly float[][] _learnt;
    private readonly Examples _pool;
    private readonly Examples _test;
    private readonly int[] _order;
    private readonly TrialMemory _memory;
    private TimeSpan _trainingTime;
    private TimeSpan _testingTime;
    private long _imagesTrained;
    private int _tests;

    public TransferTrial(Session session, ModelKind kind)
    {
        _session = session;
        _model = TrainedModels.Load(session, kind);
        _learnt = _model.GetWeights();
        _pool = Examples.FromImages(session.Device, session.Digits!.Train);
        _test = Examples.FromImages(session.Device, session.Digits.Test);

        Weights = TrainedModels.Fingerprint(_model);

        // One permutation of the pool, the same for both models and both starts: n takes its first n.
        _memory = new TrialMemory(session, kind, Weights);
        _order = RandomKey.For(session.Options.Seed, RandomPurpose.Draw, "", Draw).Permutation(_pool.Count);
    }

    /// <summary>The fingerprint of the learnt weights.</summary>
    public string Weights { get; }

    /// <summary>The accuracy on all test digits after training on n digits.</summary>
    /// <param name="start">Which weights to start from: all layers, and all stay trainable.</param>
    /// <param name="n">How many digits.</param>
    /// <param name="progress">Told how training goes.</param>
    public double Accuracy(WeightsStart start, int n, IProgress<FitProgress> progress)
    {
        if (_memory.Find(start, Draw, n) is { } known)
        {
            Count(known);
            return known.Accuracy;
        }

        var trial = Train(start, n, progress);
        Count(trial);
        _memory.Add(trial);
        return trial.Accuracy;
    }

    private TrialRecord Train(WeightsStart start, int n, IProgress<FitProgress> progress)
    {
        if (start == WeightsStart.Pretrained)
        {
            _model.SetWeights(_learnt);
        }
        else
        {
            _model.ResetWeights(Draw);
        }

        var options = _session.Options;
        _model.Compile(new Sgd(options.LearningRate));
        using var digits = _pool.Subset(_order.AsSpan(0, n));
        var watch = Stopwatch.StartNew();
        _model.Fit(digits, new FitOptions
        {
            Epochs = options.EpochsOfTransfer,
            BatchSize = options.Batch,
            Draw = Draw,
            Progress = progress,
        }, _session.Cancellation);
        var training = watch.Elapsed;

        watch.Restart();
        double accuracy = _model.Evaluate(_test, cancellation: _session.Cancellation).Accuracy;
        return new(start, Draw, n, accuracy, training.TotalSeconds, watch.Elapsed.TotalSeconds);
    }

    // Points of an earlier run count too: what can be afforded is then decided as if there had been one run only.
    private void Count(TrialRecord trial)
    {
        _trainingTime += TimeSpan.FromSeconds(trial.TrainingSeconds);
        _testingTime += TimeSpan.FromSeconds(trial.TestSeconds);
        _imagesTrained += (long)trial.N * _session.Options.EpochsOfTransfer;
        _tests++;
    }

    /// <summary>How long some points would take, by what those so far took; null before the first.</summary>
    public TimeSpan? Estimate(IReadOnlyList<int> sizes)
    {
        if (_tests == 0)
        {
            return null;
        }

        double images = sizes.Sum(n => (double)n) * _session.Options.EpochsOfTransfer;
        return _trainingTime * (images / _imagesTrained) + _testingTime * ((double)sizes.Count / _tests);
    }

    public void Dispose()
    {
        _model.Dispose();
        _pool.Dispose();
        _test.Dispose();
    }
}
