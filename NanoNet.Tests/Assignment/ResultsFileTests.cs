using System.Text.Json;
using NanoNet.Assignment.Report;
using NanoNet.Assignment.Results;
using NanoNet.Assignment;
using NanoNet.Core.Files;
using NanoNet.Tests.Data;
using Xunit;

namespace NanoNet.Tests.Assignment;

public sealed class ResultsFileTests
{
    [Fact]
    public void KeysAreTheAgreedOnesInTheirOrder()
    {
        using var json = JsonDocument.Parse(ResultsFile.ToJson(Example));
        var model = json.RootElement.GetProperty("models").GetProperty("A");
        var row = model.GetProperty("extremes").GetProperty("loss").GetProperty("lowest")[0];
        var transfer = model.GetProperty("transfer");

        Assert.Equal(["device", "seed", "models"], Keys(json.RootElement));
        Assert.Equal(
            [
                "parameters", "epochs", "seconds", "history", "test", "confusion", "confused_pairs", "extremes",
                "transfer",
            ],
            Keys(model).Take(9));
        Assert.Equal(["accuracy", "loss", "val_accuracy", "val_loss"], Keys(model.GetProperty("history")));
        Assert.Equal(["accuracy", "loss"], Keys(model.GetProperty("test")));
        Assert.Equal(["i", "j", "names", "score"], Keys(model.GetProperty("confused_pairs")[0]));
        Assert.Equal(["loss", "probability"], Keys(model.GetProperty("extremes")));
        Assert.Equal(["lowest", "highest"], Keys(model.GetProperty("extremes").GetProperty("loss")));
        Assert.Equal(["index", "loss", "probability"], Keys(row[1]));
        Assert.Equal(JsonValueKind.Null, row[0].ValueKind);
        Assert.Equal(
            ["data", "epochs", "pretrained", "scratch", "n95_pretrained", "n95_scratch"], Keys(transfer).Take(6));
        Assert.Equal(["n", "accuracy"], Keys(transfer.GetProperty("pretrained")[0]));
        Assert.Equal(JsonValueKind.Null, transfer.GetProperty("n95_scratch").ValueKind);
    }

    [Fact]
    public void NumbersReadBackAsTheSameBits()
    {
        using var folder = new TemporaryFolder();
        var file = ResultsFile.Open(folder.File("results.json"));
        file.Update(_ => Example);

        var read = ResultsFile.Open(folder.File("results.json")).Results;

        Assert.Equal(ResultsFile.ToJson(Example), ResultsFile.ToJson(read));
        Assert.Equal(1.0 / 3, read.Models.A!.Test!.Accuracy);
        Assert.Equal(1f / 3, read.Models.A.Extremes!.Loss.Lowest[0][1]!.Loss);
        Assert.Equal(ulong.MaxValue, read.Seed);
        Assert.True(double.IsNaN(read.Models.A.History!.Loss[1]));
    }

    [Fact]
    public void APartIsReplacedAndTheRestStays()
    {
        var changed = Example
            .With(ModelKind.A, model => model with { Confusion = [[7]] })
            .With(ModelKind.B, model => model with { Epochs = 3 });

        Assert.Equal([7], changed.Models.A!.Confusion![0]);
        Assert.Equal(Example.Models.A!.History, changed.Models.A.History);
        Assert.Equal(Example.Models.A.Transfer, changed.Models.A.Transfer);
        Assert.Equal(3, changed.Models.B!.Epochs);
        using var json = JsonDocument.Parse(ResultsFile.ToJson(changed));
        Assert.Equal(["epochs", "weights_used"], Keys(json.RootElement.GetProperty("models").GetProperty("B")));
    }

    [Fact]
    public void AFailedWriteLeavesTheOldFile()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("file.txt", "old"u8.ToArray());

        Assert.Throws<InvalidOperationException>(() => AtomicFile.Replace(path, temporary =>
        {
            File.WriteAllText(temporary, "half");
            throw new InvalidOperationException();
        }));
        Assert.Equal("old", File.ReadAllText(path));
        Assert.Single(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void TheReportFollowsFromTheResultsAlone()
    {
        string report = ReportWriter.Write(Example);

        Assert.Contains("**a and b: 5**", report, StringComparison.Ordinal);
        Assert.Contains("Pretrained, n = 100 digits are enough", report, StringComparison.Ordinal);
        Assert.Contains("more than 300", report, StringComparison.Ordinal);
        Assert.Contains("How effective is transfer learning here?", report, StringComparison.Ordinal);
        Assert.Contains("was trained again", report, StringComparison.Ordinal);
        Assert.DoesNotContain("Model B", report, StringComparison.Ordinal);
        Assert.Contains("# Assignment 4", ReportWriter.Write(new RunResults()), StringComparison.Ordinal);
    }

    internal static RunResults Example { get; } = new RunResults { Device = "Cpu: test", Seed = ulong.MaxValue }.With(
        ModelKind.A,
        _ => new ModelResults
        {
            Parameters = 242762,
            Epochs = 2,
            Seconds = 1.5,
            History = new([0.1, 0.2], [0.5, double.NaN], [1.0 / 3, 0.25], [1e-300, 2]),
            Test = new(1.0 / 3, 0.1),
            Confusion = [[1, 2], [3, 4]],
            ConfusedPairs = [new(0, 1, ["a", "b"], 5)],
            Extremes = new(new(Grid(1f / 3), Grid(16.118095f)), new(Grid(0.5f), Grid(0.75f))),
            Training = new("Fashion-MNIST", 6000, 60000, 10000, 32, 0.01f, 42, "Cpu: test", "new"),
            WeightsUsed = new() { Confusion = "old", Extremes = "new", Transfer = "new" },
            Transfer = new TransferResult
            {
                Data = "MNIST-10k",
                Epochs = 20,
                Pretrained = [new(100, 0.95), new(200, 0.96), new(300, 0.97)],
                Scratch = [new(100, 0.3), new(200, 0.4), new(300, 0.5)],
                N95Pretrained = 100,
                SweepPretrained = SweepKind.EveryStep,
                SweepScratch = SweepKind.EveryStep,
                Step = 100,
                LargestN = 300,
                Pool = 8000,
                TestImages = 2000,
                Batch = 32,
                LearningRate = 0.01f,
                Seed = 42,
                Device = "Cpu: test",
            },
        });

    private static ExtremeMistake?[][] Grid(float loss) => [[null, new(17, loss, 0.6f)], [new(4, loss, 0.7f), null]];

    private static IEnumerable<string> Keys(JsonElement element) =>
        element.EnumerateObject().Select(property => property.Name);
}
