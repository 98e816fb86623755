using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using NanoNet.Tests.Data;
using Xunit;

namespace NanoNet.Tests.Assignment;

/// <summary>A run that was stopped, in whatever way, ends as if nobody had disturbed it.</summary>
public sealed class ResumeTests(ResumeTests.UndisturbedRun undisturbed)
    : IClassFixture<ResumeTests.UndisturbedRun>, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("Exercise 1")]
    [InlineData("Epoch 1/3")]
    [InlineData("Epoch 2/3")]
    [InlineData("Epoch 3/3")]
    [InlineData("Exercise 2")]
    [InlineData("Exercise 3")]
    [InlineData("Pretrained, n = 80")]
    [InlineData("From scratch, n = 40")]
    [InlineData("From scratch, draw 2, n = 40")]
    [InlineData("Pretrained, n = 40, not yet converged")]
    public void AStopLeavesAStateFromWhichTheSameCommandGoesOn(string moment)
    {
        using var stop = new CancellationTokenSource();
        using var output = new StoppingWriter(moment, stop);
        using var error = new StringWriter();

        Assert.Equal(130, NanoNet.Assignment.Program.Run(All("stopped"), output, error, stop.Token));
        Assert.Contains("the same command goes on", error.ToString(), StringComparison.Ordinal);
        var second = AllOf("stopped");

        second.AssertSucceeded();
        string doneBefore = moment.StartsWith("Epoch", StringComparison.Ordinal) ? moment : "\u001b";
        Assert.DoesNotContain(doneBefore, second.Output, StringComparison.Ordinal);
        AssertSameResults("stopped");
    }

    [Fact]
    public void KilledProcessesLeaveNothingHalfWritten()
    {
        var random = new Random(1);
        for (int kill = 0; kill < 3; kill++)
        {
            using var process = Start("killed");
            if (!process.WaitForExit(undisturbed.Duration * random.NextDouble()))
            {
                process.Kill();
                process.WaitForExit();
            }
        }

        AllOf("killed").AssertSucceeded();
        AssertSameResults("killed");
        Assert.Equal(Names(undisturbed.Output), Names(_folder.File("killed")));
    }

    [Fact]
    public void WhatIsDoneStaysUnlessItIsWantedAnew()
    {
        CopyUndisturbed("out");
        string before = TinyData.WithoutSeconds(_folder.File("out/results.json"));

        var again = AllOf("out");
        var anew = AllOf("out", "--fresh");

        again.AssertSucceeded();
        Assert.Contains("Already trained", again.Output, StringComparison.Ordinal);
        Assert.Contains("of an earlier run are kept", again.Output, StringComparison.Ordinal);
        Assert.Matches(@"Pretrained, n = 40: .* \(kept\)", again.Output);
        Assert.DoesNotContain("(kept)", anew.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Epoch 1", again.Output, StringComparison.Ordinal);
        Assert.Contains("Epoch 1/3", anew.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("earlier run", anew.Output, StringComparison.Ordinal);
        Assert.Equal(before, TinyData.WithoutSeconds(_folder.File("out/results.json")));
    }

    [Fact]
    public void MoreEpochsGoOnWhereFewerEnded()
    {
        Train("parts", "--epochs", "2").AssertSucceeded();

        var longer = AllOf("parts");

        Assert.Contains("Goes on after epoch 2", longer.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Epoch 2/3", longer.Output, StringComparison.Ordinal);
        AssertSameResults("parts");
    }

    [Theory]
    [InlineData("--seed", "43", "--seed 42 instead of 43")]
    [InlineData("--batch", "16", "--batch 32 instead of 16")]
    [InlineData("--learning-rate", "0.5", "--learning-rate 0.01 instead of 0.5")]
    [InlineData("--epochs", "1", "3 epochs instead of 1")]
    [InlineData("--transfer-epochs", "2", "--transfer-epochs 1 instead of 2")]
    [InlineData("--device", "ilgpu-cpu", "device cpu: ")]
    public void ChangedOptionsAreNamed(string option, string value, string difference)
    {
        CopyUndisturbed("out");
        string before = File.ReadAllText(_folder.File("out/results.json"));

        AllOf("out", option, value).AssertRefused(1, difference, "Model A", "--fresh", "--out");
        Assert.Equal(before, File.ReadAllText(_folder.File("out/results.json")));
    }

    [Fact]
    public void ChangedDataAreNamed()
    {
        CopyUndisturbed("out");
        TinyData.Write(_folder);
        string labels = _folder.File("data/fashion-mnist/train-labels-idx1-ubyte");
        byte[] changed = File.ReadAllBytes(labels);
        changed[^1] ^= 1;
        File.WriteAllBytes(labels, changed);
        string[] otherData = ["--data", _folder.File("data")];

        Train("out", otherData).AssertRefused(1, "data 640 images of Fashion-MNIST", "instead of", "--fresh");
        Train("out", [.. otherData, "--fresh"]).AssertSucceeded();
    }

    [Fact]
    public void WhereNothingIsYetAnewIsTheSame() => AllOf("out", "--fresh").AssertSucceeded();

    [Fact]
    public void AQuickRunGivesWayToARealOneButNotTheOtherWayRound()
    {
        Train("out", "--quick", "--batch", "16").AssertSucceeded();

        var real = Train("out");

        real.AssertSucceeded();
        Assert.Contains("--quick run left here is replaced", real.Output, StringComparison.Ordinal);
        Train("out", "--quick", "--batch", "16").AssertRefused(1, "--batch 32 instead of 16");
    }

    [Theory]
    [InlineData("train-a.json", "train-a.json is damaged")]
    [InlineData("train-a-epoch-3.keras", "train-a-epoch-3.keras is damaged or not there")]
    [InlineData("transfer-a.json", "transfer-a.json is damaged")]
    public void ADamagedStateIsOneSentence(string file, string says)
    {
        CopyUndisturbed("out");
        string path = _folder.File($"out/checkpoints/{file}");
        File.WriteAllBytes(path, File.ReadAllBytes(path)[..100]);

        AllOf("out").AssertRefused(1, says, "--fresh");
    }

    [Theory]
    [InlineData("1-00000000", "1-00000000 instead of 1-")]
    [InlineData(null, "unknown instead of 1-")]
    public void AnotherVersionsTrainingThatIsHalfDoneIsRefused(string? stamp, string says)
    {
        Train("out", "--epochs", "2").AssertSucceeded();
        Stamp("out/checkpoints/train-a.json", stamp);

        Train("out").AssertRefused(1, "The training of Model A", "another version of this program", says, "--fresh");
        Train("out", "--fresh").AssertSucceeded();
    }

    [Fact]
    public void AnotherVersionsPointsAreNotMixedWithNewOnes()
    {
        CopyUndisturbed("out");
        Stamp("out/checkpoints/transfer-a.json", "1-00000000", state => state["trials"]!.AsArray().RemoveAt(3));

        AllOf("out").AssertRefused(1, "Exercise 4 with Model A", "another version of this program", "--fresh");
        AllOf("out", "--fresh").AssertSucceeded();
        AssertSameResults("out");
    }

    [Fact]
    public void WhatAnotherVersionFinishedStaysOfUse()
    {
        CopyUndisturbed("out");
        Stamp("out/checkpoints/train-a.json", "1-00000000");
        Stamp("out/checkpoints/transfer-a.json", null);

        AllOf("out").AssertSucceeded();
        AssertSameResults("out");
    }

    [Fact]
    public void AFolderThatCannotBeWrittenToIsOneSentence()
    {
        _folder.Write("out/checkpoints", []);

        Train("out").AssertRefused(1, "checkpoints");
    }

    [Fact]
    public void TwoRunsDoNotWriteToOneFolder()
    {
        Directory.CreateDirectory(_folder.File("out"));
        using var other = new FileStream(_folder.File("out/.lock"), FileMode.Create, FileAccess.Write, FileShare.None);

        Train("out").AssertRefused(1, "Another run is writing to", "--out");
    }

    [Fact]
    public void RemainsOfAKilledRunAreClearedAway()
    {
        _folder.Write("out/4711-results.0123456789abcdef0123456789abcdef.partial.json", [1]);
        _folder.Write("out/models/4711-model-a.0123456789abcdef0123456789abcdef.partial.0123456789abcdef0123456789abcdef.partial.keras", [1]);
        _folder.Write("out/4711-license.0123456789abcdef0123456789abcdef.partial", [1]);
        _folder.Write("out/mine.tmp", [1]);

        Train("out").AssertSucceeded();
        Assert.Single(Names(_folder.File("out")), name => name.EndsWith(".tmp", StringComparison.Ordinal));
        Assert.DoesNotContain(Names(_folder.File("out")), name => name.Contains("4711", StringComparison.Ordinal));
    }

    private ProgramRun AllOf(string output, params string[] options) => ProgramRun.Of(All(output, options));

    private ProgramRun Train(string output, params string[] options) => ProgramRun.Of(
        ["train", .. UndisturbedRun.Arguments(undisturbed.OfTraining(_folder.File(output)), options)]);

    private string[] All(string output, params string[] options) =>
        undisturbed.Arguments(_folder.File(output), options);

    private Process Start(string output)
    {
        string program = Path.Combine(AppContext.BaseDirectory, "NanoNet.Assignment.dll");
        return Process.Start(new ProcessStartInfo("dotnet", [program, .. All(output)]) { RedirectStandardOutput = true })!;
    }

    /// <summary>Makes a state look as if another version of the program had written it.</summary>
    private void Stamp(string file, string? arithmetic, Action<JsonNode>? change = null)
    {
        var state = JsonNode.Parse(File.ReadAllText(_folder.File(file)))!;
        Assert.NotNull(state["arithmetic"]);
        state["arithmetic"] = arithmetic;
        change?.Invoke(state);
        File.WriteAllText(_folder.File(file), state.ToJsonString());
    }

    private void CopyUndisturbed(string output)
    {
        foreach (string name in Names(undisturbed.Output))
        {
            _folder.Write($"{output}/{name}", File.ReadAllBytes(Path.Combine(undisturbed.Output, name)));
        }
    }

    private void AssertSameResults(string output) => Assert.Equal(
        TinyData.WithoutSeconds(Path.Combine(undisturbed.Output, "results.json")),
        TinyData.WithoutSeconds(_folder.File($"{output}/results.json")));

    private static List<string> Names(string folder) =>
    [
        .. Directory.GetFiles(folder, "*", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(folder, path)).Order(StringComparer.Ordinal),
    ];

    /// <summary>What everything is compared with: done once, never changed.</summary>
    public sealed class UndisturbedRun : IDisposable
    {
        private readonly TemporaryFolder _folder = new();

        public UndisturbedRun()
        {
            TinyData.Write(_folder);
            var watch = Stopwatch.StartNew();
            ProgramRun.Of(Arguments(Output)).AssertSucceeded();
            Duration = watch.Elapsed;
        }

        public string Output => _folder.File("whole");

        public TimeSpan Duration { get; }

        public void Dispose() => _folder.Dispose();

        /// <summary>The command line of a run; an option that is given takes the place of the usual one.</summary>
        public string[] Arguments(string output, params string[] options)
        {
            Dictionary<string, string> usual = new(OfTraining(output))
            {
                ["--transfer-epochs"] = "1",
                ["--transfer-step"] = "40",
                ["--converge-steps"] = "20",
            };
            return ["all", .. Arguments(usual, options)];
        }

        /// <summary>The options that exercise 1 takes.</summary>
        public Dictionary<string, string> OfTraining(string output) => new()
        {
            ["--model"] = "A",
            ["--device"] = "cpu",
            ["--threads"] = "1",
            ["--epochs"] = "3",
            ["--data"] = _folder.File("data"),
            ["--out"] = output,
        };

        /// <summary>Usual options, of which those that are given are left out, and those.</summary>
        public static string[] Arguments(Dictionary<string, string> usual, string[] options)
        {
            var kept = usual.Where(option => !options.Contains(option.Key));
            return [.. kept.SelectMany(option => (string[])[option.Key, option.Value]), .. options];
        }
    }

    /// <summary>Someone who presses Ctrl-C when a certain text appears.</summary>
    private sealed class StoppingWriter(string text, CancellationTokenSource stop)
        : StringWriter(CultureInfo.InvariantCulture)
    {
        public override void WriteLine(string? value)
        {
            base.WriteLine(value);
            if (value?.Contains(text, StringComparison.Ordinal) == true)
            {
                stop.Cancel();
            }
        }
    }
}
