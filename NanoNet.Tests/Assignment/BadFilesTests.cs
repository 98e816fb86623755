using System.Diagnostics;
using System.Runtime.Versioning;
using System.Text;
using NanoNet.Core.Layers;
using NanoNet.Core.Models;
using NanoNet.Core.Tensors;
using NanoNet.Kernels;
using NanoNet.Tests.Data;
using Xunit;

namespace NanoNet.Tests.Assignment;

/// <summary>
/// A file that is not what it should be ends in one sentence and exit code 1: which file, what was expected, what came,
/// and the cure. What lies beside it stays as it is.
/// </summary>
public sealed class BadFilesTests(BadFilesTests.TrainedRun trained)
    : IClassFixture<BadFilesTests.TrainedRun>, IDisposable
{
    private static readonly Dictionary<string, Func<byte[], byte[]>> Damages = new()
    {
        ["empty"] = _ => [],
        ["a sentence"] = _ => "Not found."u8.ToArray(),
        ["cut short"] = file => file[..^1],
        ["cut in its header"] = file => file[..7],
        ["too long"] = file => [.. file, 0],
        ["of other elements"] = file => [.. file[..2], 0x0d, .. file[3..]],
        ["one image less"] = file => [.. file[..7], (byte)(file[7] - 1), .. file[8..^(28 * 28)]],
        ["one label less"] = file => [.. file[..7], (byte)(file[7] - 1), .. file[8..^1]],
        ["a label of 10"] = file => [.. file[..^1], 10],
        ["of 14 x 56"] = file => [.. file[..11], 14, 0, 0, 0, 56, .. file[16..]],
        ["zipped and cut short"] = file => IdxBytes.Gzip(file)[..^9],
        ["zipped and damaged"] = file => Flip(IdxBytes.Gzip(file)),
    };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("train-images-idx3-ubyte", "empty", "expected an IDX header of 16 bytes, but found only 0; replace")]
    [InlineData("train-images-idx3-ubyte", "a sentence", "expected the IDX magic number 00000803, but found 4E6F7420")]
    [InlineData("train-images-idx3-ubyte", "cut short", "501,760 bytes (640 x 28 x 28), but found only 501,759")]
    [InlineData("train-images-idx3-ubyte", "cut in its header", "an IDX header of 16 bytes, but found only 7; replace")]
    [InlineData("train-images-idx3-ubyte", "too long", "but found more bytes after them; replace")]
    [InlineData("train-images-idx3-ubyte", "of other elements", "magic number 00000803, but found 00000D03; give")]
    [InlineData("train-images-idx3-ubyte", "zipped and cut short", "; replace it with a fresh copy.")]
    [InlineData("train-images-idx3-ubyte", "zipped and damaged", "; replace it with a fresh copy.")]
    [InlineData("t10k-images-idx3-ubyte", "of 14 x 56", "expected images of 28 x 28, but found 14 x 56; give images")]
    [InlineData("t10k-labels-idx1-ubyte", "one label less", "expected 200 labels, one for each image in t10k-images")]
    [InlineData("t10k-labels-idx1-ubyte", "a label of 10", "labels from 0 to 9, but found 10 at index 199; replace")]
    [InlineData("t10k-labels-idx1-ubyte", "cut short", "expected 200 bytes (200), but found only 199; replace")]
    public void DamagedImagesAndLabels(string file, string damage, string says)
    {
        TinyData.Copy(trained.Data, _folder);
        string path = _folder.File($"data/fashion-mnist/{file}");
        File.WriteAllBytes(path, Damages[damage](File.ReadAllBytes(path)));

        Run("train").AssertRefused(1, file, says);
        Assert.False(Directory.Exists(_folder.File("out")));
    }

    [Fact]
    public void DigitsAreLookedAtBeforeAnythingIsTrained()
    {
        TinyData.Copy(trained.Data, _folder);
        string path = _folder.File("data/mnist/t10k-images-idx3-ubyte");
        File.WriteAllBytes(path, Damages["one image less"](File.ReadAllBytes(path)));

        Run("all").AssertRefused(1, "mnist", "expected 99 labels, one for each image", "but found 100; give images");
        Assert.False(Directory.Exists(_folder.File("out")));
    }

    [Fact]
    public void AFolderThatLacksAFileOrIsNotThere()
    {
        TinyData.Copy(trained.Data, _folder);
        File.Delete(_folder.File("data/fashion-mnist/train-labels-idx1-ubyte"));
        Run("train").AssertRefused(1, "lacks train-labels-idx1-ubyte; it should hold", "each plain or as .gz");

        Directory.Delete(_folder.File("data/fashion-mnist"), recursive: true);
        Run("train").AssertRefused(1, "that was given", "has no folder fashion-mnist; put one there");

        Directory.Delete(_folder.File("data"), recursive: true);
        Run("train").AssertRefused(1, "that was given", "does not exist; it should hold fashion-mnist and mnist");
        Assert.False(Directory.Exists(_folder.File("out")));
    }

    [Fact]
    public void TheVariableNamesAFolderThatIsNotThere()
    {
        string program = Path.Combine(AppContext.BaseDirectory, "NanoNet.Assignment.dll");
        var start = new ProcessStartInfo("dotnet", [program, "train", "--device", "cpu", "--out", _folder.File("out")])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["NANONET_DATA"] = _folder.File("nowhere");
        using var process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();

        new ProgramRun(process.ExitCode, output, error)
            .AssertRefused(1, "The data folder that NANONET_DATA names", "nowhere, does not exist; it should hold");
    }

    [Fact]
    public void MoreDigitsInAStepThanThereAre()
    {
        TinyData.Copy(trained.Data, _folder);

        Run("all", "--transfer-step", "201")
            .AssertRefused(1, "One step of exercise 4 is 201 digits, but there are only 200; lower --transfer-step.");
        Assert.False(File.Exists(_folder.File("out/results.json")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{ not json")]
    [InlineData("[1, 2]")]
    [InlineData("""{ "models": null }""")]
    [InlineData("""{ "models": { "A": 7 } }""")]
    [InlineData("""{ "models": { "A": { "test": { "accuracy": "high" } } } }""")]
    public void ResultsThatThisProgramDidNotWrite(string text)
    {
        _folder.Write("out/results.json", Encoding.UTF8.GetBytes(text));

        Run("train").AssertRefused(
            1, "results.json is not a results file of this program (line 1); delete it or choose another folder");
        Assert.Equal(text, File.ReadAllText(_folder.File("out/results.json")));
    }

    [Theory]
    [InlineData("empty", "expected a zip archive, as .keras files are, but found something else; replace it")]
    [InlineData("a sentence", "expected a zip archive, as .keras files are, but found something else; replace it")]
    [InlineData("cut short", "expected a zip archive, as .keras files are, but found something else; replace it")]
    public void ADamagedModel(string damage, string says)
    {
        CopyTrained();
        string path = _folder.File("out/models/model-a.keras");
        File.WriteAllBytes(path, Damages[damage](File.ReadAllBytes(path)));

        Run("confusion").AssertRefused(1, "model-a.keras", says);
        Run("train").AssertSucceeded();
        Run("confusion").AssertSucceeded();
    }

    [Fact]
    public void AnotherModelUnderTheNameOfThisOne()
    {
        CopyTrained();
        using var device = Device.Open(DeviceChoice.Cpu, threads: 1);
        using var other = new Sequential("Other", device, new Shape(28, 28), [new Flatten(), new Dense(10)]);
        other.Save(_folder.File("out/models/model-a.keras"));

        Run("extremes").AssertRefused(
            1, "holds another model than Model A (7,850 instead of 242,762 parameters", "again with: train --model A");
    }

    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("""{ "settings": null, "epochs": null, "file": null, "weights": null }""")]
    [InlineData("""{ "settings": {}, "epochs": [null, 2], "file": "f", "weights": "w" }""")]
    public void ACheckpointThatThisProgramDidNotWrite(string text)
    {
        CopyTrained();
        _folder.Write("out/checkpoints/train-a.json", Encoding.UTF8.GetBytes(text));

        Run("train").AssertRefused(1, "The training of Model A", "train-a.json is damaged; --fresh begins it anew");
        Run("train", "--fresh").AssertSucceeded();
    }

    [Fact]
    public void ACheckpointOfAnotherVersionOfTheProgram()
    {
        CopyTrained();
        string path = _folder.File("out/checkpoints/train-a.json");
        File.WriteAllText(path, File.ReadAllText(path).Replace("\"layers\"", "\"shape\"", StringComparison.Ordinal));

        Run("train").AssertRefused(1, "was done with layers none instead of", "shape", "--fresh begins it anew");
    }

    [Theory]
    [InlineData("out")]
    [InlineData("out/below")]
    public void AFileWhereTheFolderShouldBe(string output)
    {
        TinyData.Copy(trained.Data, _folder);
        _folder.Write("out", [1]);

        Run("train", "--out", _folder.File(output))
            .AssertRefused(1, output, "cannot be made (", "; choose another with --out.");
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void AFolderThatMayNotBeWrittenTo()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Folders have no modes there.");
        Assert.SkipWhen(Environment.IsPrivilegedProcess, "Root may write everywhere.");
        TinyData.Copy(trained.Data, _folder);
        Directory.CreateDirectory(_folder.File("out"), UnixFileMode.UserRead | UnixFileMode.UserExecute);

        Run("train").AssertRefused(1, "may not be written to; choose another with --out.");
    }

    [Fact]
    public void AFolderWhereNoneCanBeMade()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Needs a place where not even root can make a folder.");
        TinyData.Copy(trained.Data, _folder);

        Run("train", "--out", "/proc/nanonet")
            .AssertRefused(1, "/proc/nanonet cannot be made (", "; choose another with --out.");
    }

    [Fact]
    public void AFolderWhereAFileShouldBe()
    {
        CopyTrained();
        File.Delete(_folder.File("out/models/model-a.keras"));
        Directory.CreateDirectory(_folder.File("out/models/model-a.keras/mine"));

        Run("train").AssertRefused(1, "A file cannot be used", "model-a.keras", "choose another folder with --out");
    }

    [Fact]
    public void AFullDiskSaysThatTheRunCanGoOn()
    {
        foreach (int code in (int[])[28, unchecked((int)0x80070070)])
        {
            Assert.Equal(
                "The disk is full (No space left on device : 'a'); make room, and the same command goes on from there.",
                NanoNet.Assignment.Program.Sentence(new IOException("No space left on device : 'a'", code)));
        }
    }

    [Fact]
    public void WhatNobodyForesawIsOneLineToo()
    {
        Assert.Equal(
            "Something unforeseen went wrong (FormatException: two lines); NANONET_TRACE=1 shows where.",
            NanoNet.Assignment.Program.Sentence(new FormatException("two\nlines")));
        Assert.Equal(
            "There is not enough memory; a smaller --batch needs less.",
            NanoNet.Assignment.Program.Sentence(new InsufficientMemoryException()));
    }

    private static byte[] Flip(byte[] file)
    {
        file[file.Length / 2] ^= 0xff;
        return file;
    }

    private void CopyTrained()
    {
        TinyData.Copy(trained.Data, _folder);
        TinyData.Copy(trained.Output, _folder);
    }

    /// <summary>A command with Model A, on this test's data and into its folder.</summary>
    private ProgramRun Run(string command, params string[] options)
    {
        string[] epochs = command is "all" or "train" ? TrainedRun.Epochs : [];
        string[] arguments = [command, .. TrainedRun.Options, .. epochs, "--data", _folder.File("data")];
        string[] output = options.Contains("--out") ? [] : ["--out", _folder.File("out")];
        return ProgramRun.Of([.. arguments, .. output, .. options]);
    }

    /// <summary>A short run that all tests copy from.</summary>
    public sealed class TrainedRun : IDisposable
    {
        public static readonly string[] Options = ["--model", "A", "--device", "cpu", "--threads", "1"];
        public static readonly string[] Epochs = ["--epochs", "1"];

        private readonly TemporaryFolder _folder = new();

        public TrainedRun()
        {
            TinyData.Write(_folder);
            ProgramRun.Of(["train", .. Options, .. Epochs, "--data", Data, "--out", Output]).AssertSucceeded();
        }

        public string Data => _folder.File("data");

        public string Output => _folder.File("out");

        public void Dispose() => _folder.Dispose();
    }
}
