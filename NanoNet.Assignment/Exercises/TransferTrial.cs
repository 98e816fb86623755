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
    /// The repetition that makes the curves. 0 is the training of exercise 1, whose first weights are not to be met
    /// again here.
    /// </summary>
    public const int FirstDraw = 1;

    /// <summary>
    /// A training has converged when the mean loss on its own digits, without dropout, is down to this: then they are
    /// known by heart, with a probability of 98 %, and little more can be learnt from them.
    /// </summary>
    public const double ConvergedLoss = 0.02;

    /// <summary>So many steps lie between two looks at that loss, or one epoch.</summary>
    private const int StepsBetweenLooks = 100;

    private readonly Session _session;
    private readonly Sequential _model;
    private readonly float[][] _learnt;
    private readonly Examples _pool;
    private readonly Examples _test;
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
        _memory = new TrialMemory(session, kind, Weights);
    }

    /// <summary>The fingerprint of the learnt weights.</summary>
    public string Weights { get; }

    /// <summary>How long the latest point took; one of an earlier run is kept.</summary>
    public string Took { get; private set; } = "";

    /// <summary>The accuracy on all test digits after training on n digits for as long as was asked for.</summary>
    /// <param name="start">Which weights to start from: all layers, and all stay trainable.</param>
    /// <param name="n">How many digits.</param>
    /// <param name="progress">Told how training goes.</param>
    /// <param name="draw">Which repetition.</param>
    public double Accuracy(WeightsStart start, int n, IProgress<FitProgress> progress, int draw = FirstDraw) =>
        Remembered(_memory.Find(start, draw, n), () =>
        {
            int epochs = _session.Options.EpochsOfTransfer;
            using var digits = Begin(start, n, draw);
            var time = Stopwatch.StartNew();
            Fit(digits, 0, epochs, draw, progress);
            return Test(new(start, draw, n, 0, epochs, time.Elapsed.TotalSeconds, 0));
        }).Accuracy;

    /// <summary>Trains on n digits until converged: the same training as the curve's, gone on.</summary>
    /// <param name="start">Which weights to start from.</param>
    /// <param name="n">How many digits.</param>
    /// <param name="mostSteps">The steps after which it ends in any case.</param>
    /// <param name="progress">Told how training goes.</param>
    public ConvergedPoint Converge(WeightsStart start, int n, int mostSteps, IProgress<FitProgress> progress)
    {
        int steps = (n + _session.Options.Batch - 1) / _session.Options.Batch;
        var trial = Remembered(_memory.Find(start, FirstDraw, n, mostSteps), () =>
        {
            int between = Math.Max(1, StepsBetweenLooks / steps);
            int most = Math.Max(1, mostSteps / steps);
            using var digits = Begin(start, n, FirstDraw);
            var time = Stopwatch.StartNew();
            double loss = double.PositiveInfinity;
            int epochs = 0;
            while (epochs < most && loss > ConvergedLoss)
            {
                int next = Math.Min(epochs + between, most);
                Fit(digits, epochs, next, FirstDraw, progress);
                loss = _model.Evaluate(digits, cancellation: _session.Cancellation).Loss;
                epochs = next;
            }

            return Test(new(start, FirstDraw, n, 0, epochs, time.Elapsed.TotalSeconds, 0)
            {
                MostSteps = mostSteps,
                Loss = loss,
            });
        });
        double reached = trial.Loss!.Value;
        return new(start, n, trial.Accuracy, trial.Epochs, trial.Epochs * steps, reached, reached <= ConvergedLoss);
    }

    private TrialRecord Remembered(TrialRecord? known, Func<TrialRecord> compute)
    {
        if (known is not null)
        {
            Count(known);
            Took = "kept";
            return known;
        }

        _memory.RequireRoomForMore();
        var trial = compute();
        Count(trial);
        _memory.Add(trial);
        Took = Words.Duration(TimeSpan.FromSeconds(trial.TrainingSeconds + trial.TestSeconds));
        return trial;
    }

    /// <summary>Weights, optimizer and digits as at the start of a training.</summary>
    private Examples Begin(WeightsStart start, int n, int draw)
    {
        if (start == WeightsStart.Pretrained)
        {
            _model.SetWeights(_learnt);
        }
        else
        {
            _model.ResetWeights(draw);
        }

        _model.Compile(new Sgd(_session.Options.LearningRate));

        // A draw is one permutation of the pool, the same for both models and both starts: n takes its first n.
        int[] order = RandomKey.For(_session.Options.Seed, RandomPurpose.Draw, "", draw).Permutation(_pool.Count);
        return _pool.Subset(order.AsSpan(0, n));
    }

    private void Fit(Examples digits, int from, int to, int draw, IProgress<FitProgress> progress) =>
        _model.Fit(digits, new FitOptions
        {
            InitialEpoch = from,
            Epochs = to,
            BatchSize = _session.Options.Batch,
            Draw = draw,
            Progress = progress,
        }, _session.Cancellation);

    private TrialRecord Test(TrialRecord trained)
    {
        var time = Stopwatch.StartNew();
        double accuracy = _model.Evaluate(_test, cancellation: _session.Cancellation).Accuracy;
        return trained with { Accuracy = accuracy, TestSeconds = time.Elapsed.TotalSeconds };
    }

    // Points of an earlier run count too: the time left is then told as if there had been one run only.
    private void Count(TrialRecord trial)
    {
        _trainingTime += TimeSpan.FromSeconds(trial.TrainingSeconds);
        _testingTime += TimeSpan.FromSeconds(trial.TestSeconds);
        _imagesTrained += (long)trial.N * trial.Epochs;
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
