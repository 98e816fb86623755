using NanoNet.Assignment;
using NanoNet.Assignment.CommandLine;
using NanoNet.Assignment.Exercises;
using NanoNet.Assignment.Results;
using NanoNet.Assignment.Terminal;
using NanoNet.Core.Data;
using NanoNet.Core.Tensors;
using NanoNet.Core.Training;
using NanoNet.Kernels;
using NanoNet.Tests.Data;
using Xunit;

namespace NanoNet.Tests.Assignment;

public sealed class TransferTrialTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Device _device = Device.Open(DeviceChoice.Cpu);

    public void Dispose()
    {
        _device.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void PointsDoNotDependOnTheirOrder()
    {
        using var session = CreateSession();
        (WeightsStart, int)[] points =
        [
            (WeightsStart.Pretrained, 100), (WeightsStart.Scratch, 100), (WeightsStart.Pretrained, 250), (WeightsStart.Scratch, 250),
        ];
        var forwards = Measure(session, points);
        File.Delete(session.Output.TransferState(ModelKind.A));
        var backwards = Measure(session, [.. points.Reverse()]);

        Assert.All(points, point => Assert.Equal(forwards[point], backwards[point]));
        Assert.NotEqual(forwards[points[0]], forwards[points[1]]);
    }

    [Fact]
    public void PointsOfAnEarlierRunAreNotComputedAgain()
    {
        using var session = CreateSession();
        var points = new[] { (WeightsStart.Pretrained, 100), (WeightsStart.Scratch, 150) };
        var first = Measure(session, points);
        using var trial = new TransferTrial(session, ModelKind.A);

        Assert.All(points, point => Assert.Equal(first[point], trial.Accuracy(point.Item1, point.Item2, new Unexpected())));
    }

    [Fact]
    public void DrawsDiffer()
    {
        using var session = CreateSession();
        using var trial = new TransferTrial(session, ModelKind.A);
        var silent = new Progress<FitProgress>();

        var accuracies = Enumerable.Range(1, 4).Select(draw => trial.Accuracy(WeightsStart.Scratch, 250, silent, draw));

        Assert.True(accuracies.Distinct().Count() > 1);
    }

    [Fact]
    public void TrainingUntilConvergedKnowsItsDigitsByHeartOrSaysThatItDoesNot()
    {
        using var session = CreateSession();
        using var trial = new TransferTrial(session, ModelKind.A);
        var silent = new Progress<FitProgress>();

        var converged = trial.Converge(WeightsStart.Scratch, 10, 2000, silent);
        var cut = trial.Converge(WeightsStart.Scratch, 40, 21, silent);

        Assert.True(converged.Reached && converged.Loss <= TransferTrial.ConvergedLoss, $"{converged}");
        Assert.InRange(converged.Steps, 100, 1999);
        Assert.Equal((false, 20, 10), (cut.Reached, cut.Steps, cut.Epochs));
        Assert.Equal(converged, trial.Converge(WeightsStart.Scratch, 10, 2000, new Unexpected()));
    }

    [Fact]
    public void RunsLeaveNoMemoryBehind()
    {
        using var session = CreateSession();
        using var trial = new TransferTrial(session, ModelKind.A);
        trial.Accuracy(WeightsStart.Pretrained, 250, new Progress<FitProgress>());
        var (live, peak) = (_device.LiveBytes, _device.PeakBytes);

        // Every length of a last batch that differs would show here if it were kept.
        for (int n = 249; n > 229; n--)
        {
            trial.Accuracy(n % 2 == 0 ? WeightsStart.Pretrained : WeightsStart.Scratch, n, new Progress<FitProgress>());
        }

        Assert.Equal(live, _device.LiveBytes);
        Assert.InRange(_device.PeakBytes, 0, peak + 1_000_000);
    }

    private static Dictionary<(WeightsStart, int), double> Measure(Session session, (WeightsStart Start, int N)[] points)
    {
        using var trial = new TransferTrial(session, ModelKind.A);
        return points.ToDictionary(
            point => point, point => trial.Accuracy(point.Start, point.N, new Progress<FitProgress>()));
    }

    private sealed class Unexpected : IProgress<FitProgress>
    {
        public void Report(FitProgress value) => Assert.Fail("It was computed again.");
    }

    private Session CreateSession()
    {
        var output = new OutputFolder(_folder.Path);
        using (var model = AssignmentModels.Create(ModelKind.A, _device, seed: 7))
        {
            Directory.CreateDirectory(output.Root);
            Directory.CreateDirectory(Path.GetDirectoryName(output.Model(ModelKind.A))!);
            model.Save(output.Model(ModelKind.A));
        }

        var digits = Mnist.Load(offline: true);
        var few = new DatasetSplit("digits", digits.Train.Take(300), digits.Test.Take(300), "");
        var options = new RunOptions { TransferEpochs = 2, Out = _folder.Path };
        return new Session(
            options, new PlainScreen(TextWriter.Null), _device, output, ResultsFile.Open(output.Results), CancellationToken.None)
        {
            Fashion = few,
            Digits = few,
        };
    }
}
