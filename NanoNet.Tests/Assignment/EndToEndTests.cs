using NanoNet.Tests.Data;
using Xunit;

namespace NanoNet.Tests.Assignment;

/// <summary>The whole program on a few hundred images, as a user runs it.</summary>
public sealed class EndToEndTests
{
    private static readonly string[] Files =
    [
        "models/model-a.keras", "history-a.csv", "history-a.png", "confusion-a.png", "confusion-a-errors.png",
        "confusion-a-percent.png", "pairs-a.png",
        "extremes-a-loss-lowest.png", "extremes-a-loss-highest.png", "extremes-a-probability-lowest.png",
        "extremes-a-probability-highest.png", "transfer-a.csv", "transfer-a.png", "report.md", "report.html", "results.json",
        "checkpoints/train-a.json", "checkpoints/train-a-epoch-2.keras", "checkpoints/transfer-a.json",
    ];

    [Fact]
    public void AllExercisesWriteAllFilesAndRepeatToTheBit()
    {
        using var folder = new TemporaryFolder();
        TinyData.Write(folder);
        string[] common = ["--model", "A", "--device", "cpu", "--data", folder.File("data")];
        string[] transfer = ["--transfer-epochs", "1", "--transfer-step", "40", "--converge-steps", "20"];
        string[] arguments = [.. common, "--epochs", "2", .. transfer];

        var first = ProgramRun.Of([.. arguments, "--threads", "1", "--out", folder.File("one")]);
        var second = ProgramRun.Of(["all", .. arguments, "--threads", "2", "--out", folder.File("two")]);

        Assert.Equal(("", 0), (first.Error, first.ExitCode));
        Assert.Contains("Epoch 2/2", first.Output, StringComparison.Ordinal);
        Assert.Contains("Time    about", first.Output, StringComparison.Ordinal);
        Assert.Contains("report.html", first.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("\u001b", first.Output, StringComparison.Ordinal);
        foreach (string file in Files)
        {
            Assert.True(new FileInfo(folder.File($"one/{file}")) is { Exists: true, Length: > 50 }, file);
        }

        Assert.Equal(Files.Length, Directory.GetFiles(folder.File("one"), "*", SearchOption.AllDirectories).Length);
        Assert.Equal(TinyData.WithoutSeconds(folder.File("one/results.json")), TinyData.WithoutSeconds(folder.File("two/results.json")));
        AssertLaterCommandsReplaceTheirPartOnly(folder, common, transfer);
    }

    [Fact]
    public void AStopKeepsWhatIsWrittenAndEndsCleanly()
    {
        using var folder = new TemporaryFolder();
        TinyData.Write(folder);
        using var stop = new CancellationTokenSource();
        stop.Cancel();

        string[] arguments = ["train", "--model", "A", "--device", "cpu", "--data", folder.File("data")];
        ProgramRun.Of(stop.Token, [.. arguments, "--out", folder.File("out")]).AssertRefused(130, "Stopped");
    }

    private static void AssertLaterCommandsReplaceTheirPartOnly(
        TemporaryFolder folder, string[] common, string[] transfer)
    {
        var before = TinyData.WithoutSeconds(folder.File("one/results.json"));
        foreach (var command in (string[][])[["confusion"], ["extremes"], ["transfer", .. transfer]])
        {
            var run = ProgramRun.Of([.. command, .. common, "--out", folder.File("one")]);
            Assert.Equal(("", 0), (run.Error, run.ExitCode));
            Assert.Equal(before, TinyData.WithoutSeconds(folder.File("one/results.json")));
        }
    }
}
