using System.CommandLine;
using System.Text.RegularExpressions;
using NanoNet.Assignment.CommandLine;
using NanoNet.Assignment;
using NanoNet.Kernels;
using NanoNet.Tests.Data;
using Xunit;

namespace NanoNet.Tests.Assignment;

public sealed class CommandLineTests
{
    [Fact]
    public void NoCommandMeansAllExercisesWithBothModels()
    {
        var (options, exercises) = Parse();

        Assert.Equal(Exercise.All, exercises);
        Assert.Equal([ModelKind.A, ModelKind.B], options.Models);
        Assert.Equal((20, 20), (options.EpochsOf(ModelKind.A), options.EpochsOf(ModelKind.B)));
        Assert.Equal((32, 0.01f, 42UL), (options.Batch, options.LearningRate, options.Seed));
        Assert.Equal("output", options.Out);
        Assert.Equal((20, 100, null), (options.EpochsOfTransfer, options.StepOfTransfer, options.SizesOfTransfer));
        Assert.Equal(DeviceChoice.Auto, options.Device);
        Assert.Equal(3, options.Draws);
        Assert.Equal((20000, 3000), (options.ConvergeStepsOf(ModelKind.A), options.ConvergeStepsOf(ModelKind.B)));
    }

    [Theory]
    [InlineData("all", Exercise.All)]
    [InlineData("train", Exercise.Training)]
    [InlineData("confusion", Exercise.Confusion)]
    [InlineData("extremes", Exercise.Extremes)]
    [InlineData("transfer", Exercise.Transfer)]
    public void EachCommandDoesItsExercise(string command, object exercise)
    {
        Assert.Equal(exercise, Parse(command, "--model", "a").Exercises);
    }

    [Fact]
    public void EveryOptionIsRead()
    {
        var (options, _) = Parse(("all --model B --device ilgpu-cpu --precision tf32x3 --epochs 3 --batch 64 "
            + "--learning-rate 0.5 --seed 7 --threads 2 --data d --out o --transfer-epochs 4 --transfer-step 50 "
            + "--transfer-max 500 --draws 5 --converge-steps 0 --full-sweep --fresh").Split(' '));

        Assert.Equal([ModelKind.B], options.Models);
        Assert.Equal((DeviceChoice.IlgpuCpu, Precision.Tf32x3), (options.Device, options.Precision));
        Assert.Equal((3, 64, 0.5f), (options.Epochs, options.Batch, options.LearningRate));
        Assert.Equal((7UL, 2), (options.Seed, options.Threads));
        Assert.Equal(("d", "o"), (options.Data, options.Out));
        Assert.Equal((4, 50, 500), (options.TransferEpochs, options.TransferStep, options.TransferMax));
        Assert.Equal(5, options.Draws);
        Assert.Equal((0, 0), (options.ConvergeStepsOf(ModelKind.A), options.ConvergeStepsOf(ModelKind.B)));
        Assert.True(options.FullSweep);
        Assert.True(options.Fresh);
        Assert.False(options.Quick);
    }

    [Fact]
    public void OptionsMayStandBeforeTheCommand()
    {
        var (options, exercises) = Parse("--model", "A", "--epochs", "2", "train");

        Assert.Equal(Exercise.Training, exercises);
        Assert.Equal(2, options.EpochsOf(ModelKind.A));
    }

    [Fact]
    public void QuickShortensAndSaysWhat()
    {
        var (options, _) = Parse("--quick");

        Assert.Equal((5, 60000), (options.EpochsOf(ModelKind.A), options.ImagesOf(ModelKind.A, 60000)));
        Assert.Equal((1, 6000), (options.EpochsOf(ModelKind.B), options.ImagesOf(ModelKind.B, 60000)));
        Assert.Equal([100, 300, 1000], options.SizesOfTransfer);
        string said = string.Join("; ", options.Shortened(training: true, transfer: true));
        Assert.Contains("Model A trains for 5 epochs instead of 20", said, StringComparison.Ordinal);
        Assert.Contains(
            "Model B trains for 1 epoch instead of 20, on the first 6,000 images only", said, StringComparison.Ordinal);
        Assert.Contains("n = 100, 300, 1,000", said, StringComparison.Ordinal);
        Assert.Contains(
            "n up to 300 with Model A and n up to 100 with Model B are drawn 3 times", said, StringComparison.Ordinal);
        Assert.Contains("Model B is not trained until converged", said, StringComparison.Ordinal);
    }

    [Fact]
    public void ExplicitOptionsWinOverQuick()
    {
        var (options, _) = Parse("--quick", "--epochs", "2", "--transfer-epochs", "3", "--transfer-max", "400");

        Assert.Equal((2, 2), (options.EpochsOf(ModelKind.A), options.EpochsOf(ModelKind.B)));
        Assert.Equal(3, options.EpochsOfTransfer);
        Assert.Null(options.SizesOfTransfer);
        Assert.Null(Parse("--quick", "--full-sweep").Options.SizesOfTransfer);
    }

    [Fact]
    public void HelpShowsCommandsOptionsAndExamples()
    {
        var help = ProgramRun.Of("--help");

        Assert.Equal(0, help.ExitCode);
        string[] parts =
        [
            "train", "devices", "--transfer-max", "--quick", "Examples", "Exit codes:", "--fresh", "[default: 0.01]",
        ];
        foreach (string part in parts)
        {
            Assert.Contains(part, help.Output, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("summary", "--model", "--classic")]
    [InlineData(
        "train", "--model", "--device", "--precision", "--threads", "--data", "--out", "--epochs", "--batch",
        "--learning-rate", "--seed", "--quick", "--fresh")]
    [InlineData("confusion", "--model", "--device", "--precision", "--threads", "--data", "--out")]
    [InlineData("extremes", "--model", "--device", "--precision", "--threads", "--data", "--out")]
    [InlineData(
        "transfer", "--model", "--device", "--precision", "--threads", "--data", "--out", "--batch", "--learning-rate",
        "--seed", "--quick", "--fresh", "--transfer-epochs", "--transfer-step", "--transfer-max", "--draws", "--converge-steps",
        "--full-sweep")]
    [InlineData("devices")]
    public void HelpShowsTheOptionsThatTheCommandUses(string command, params string[] options)
    {
        string help = ProgramRun.Of(command, "--help").Output;

        string listed = help[..help.IndexOf("Examples", StringComparison.Ordinal)];
        var names = Regex.Matches(listed, "^  (--[a-z-]+)", RegexOptions.Multiline)
            .Select(name => name.Groups[1].Value);
        Assert.Equal(options.Order(), names.Order());
    }

    [Theory]
    [InlineData("train", "--epochs 40")]
    [InlineData("transfer", "--full-sweep")]
    [InlineData("summary", "--classic")]
    [InlineData("devices", "devices")]
    public void EachCommandHasExamplesOfItsOwn(string command, string example)
    {
        string help = ProgramRun.Of(command, "--help").Output;

        Assert.Contains(example, help[help.IndexOf("Examples,", StringComparison.Ordinal)..], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("confusion")]
    [InlineData("extremes")]
    [InlineData("transfer")]
    public void LaterExercisesNameTrainWhenThereIsNoModel(string command)
    {
        using var folder = new TemporaryFolder();

        ProgramRun.Of(command, "--model", "B", "--out", folder.Path)
            .AssertRefused(1, "no trained Model B", "train --model B");
    }

    [Fact]
    public void SummaryPrintsBothModels()
    {
        var summary = ProgramRun.Of("summary");
        var classic = ProgramRun.Of("summary", "--classic", "--model", "A");

        Assert.Equal(0, summary.ExitCode);
        Assert.Contains("242,762", summary.Output, StringComparison.Ordinal);
        Assert.Contains("1,413,834", summary.Output, StringComparison.Ordinal);
        Assert.Contains("_________", classic.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("conv2d", classic.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void DevicesListsTheCpu()
    {
        var devices = ProgramRun.Of("devices");

        Assert.Equal(0, devices.ExitCode);
        Assert.Contains("the managed SIMD engine", devices.Output, StringComparison.Ordinal);
    }

    private static (RunOptions Options, Exercise Exercises) Parse(params string[] args)
    {
        (RunOptions, Exercise)? seen = null;
        var root = AssignmentCommand.Create(new CommandActions(
            (options, exercises) =>
            {
                seen = (options, exercises);
                return 0;
            },
            (_, _) => 0,
            () => 0));
        var parsed = root.Parse(args);
        Assert.Empty(parsed.Errors);
        Assert.Equal(0, parsed.Invoke());
        return seen!.Value;
    }
}
