using NanoNet.Assignment;
using NanoNet.Assignment.CommandLine;
using NanoNet.Assignment.Exercises;
using NanoNet.Assignment.Results;
using NanoNet.Assignment.Terminal;
using NanoNet.Core.Data;
using NanoNet.Core.Tensors;
using NanoNet.Kernels;
using NanoNet.Tests.Data;
using Xunit;

namespace NanoNet.Tests.Assignment;

/// <summary>The stamp of a state is equal where the same is computed, and else not.</summary>
public sealed class ArithmeticTests
{
    [Theory]
    [InlineData(ModelKind.A)]
    [InlineData(ModelKind.B)]
    public void TheSameProgramHasOneWhateverTheThreads(object kind)
    {
        Assert.Equal(Of((ModelKind)kind, threads: 1), Of((ModelKind)kind, threads: 2));
    }

    [Fact]
    public void OtherSumsHaveAnother()
    {
        // The same model by direct convolutions instead of Winograd's: equal to six digits or so, not to the bit.
        Assert.NotEqual(Of(ModelKind.B), Of(ModelKind.B, exact: true));
    }

    [Fact]
    public void OtherSettingsHaveAnother()
    {
        Assert.NotEqual(Of(ModelKind.A), Of(ModelKind.A, options: new RunOptions { Batch = 16 }));
    }

    private static string Of(ModelKind kind, int threads = 1, bool exact = false, RunOptions? options = null)
    {
        using var folder = new TemporaryFolder();
        using var screen = new StringWriter();
        using var device = Device.Open(DeviceChoice.Cpu, threads, exact);
        var output = new OutputFolder(folder.File("out"));
        using var session = new Session(
            options ?? new RunOptions(), new PlainScreen(screen), device, output, ResultsFile.Open(output.Results),
            default)
        {
            Fashion = FashionMnist.Load(),
        };
        return session.ArithmeticOf(kind);
    }
}
