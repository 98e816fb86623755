using NanoNet.Assignment;
using Xunit;

namespace NanoNet.Tests.Assignment;

/// <summary>Runs the program in this process, as its main function does.</summary>
internal sealed record ProgramRun(int ExitCode, string Output, string Error)
{
    public static ProgramRun Of(params string[] args) => Of(CancellationToken.None, args);

    public static ProgramRun Of(CancellationToken cancellation, params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        int exitCode = Program.Run(args, output, error, cancellation);
        return new(exitCode, output.ToString(), error.ToString());
    }

    /// <summary>Asserts that it did what it was asked for, without complaint.</summary>
    public void AssertSucceeded() => Assert.Equal(("", 0), (Error, ExitCode));

    /// <summary>Asserts that it failed with one sentence that says this, and no stack trace.</summary>
    public void AssertRefused(int exitCode, params string[] says)
    {
        Assert.Equal(exitCode, ExitCode);
        Assert.Single(Error.TrimEnd().Split('\n'));
        Assert.DoesNotContain("   at ", Error, StringComparison.Ordinal);
        foreach (string part in says)
        {
            Assert.Contains(part, Error, StringComparison.Ordinal);
        }
    }
}
