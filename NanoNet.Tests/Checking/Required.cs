using Xunit;

namespace NanoNet.Tests.Checking;

/// <summary>
/// What this run may not do without: engines and tools named in the environment variable NANONET_REQUIRE, separated by commas. What
/// is missing and not required is skipped.
/// </summary>
internal static class Required
{
    /// <summary>The interpreter of OpenCL kernels.</summary>
    public const string Oclgrind = "oclgrind";

    /// <summary>NVIDIA's assembler and disassembler.</summary>
    public const string Ptxas = "ptxas";

    public static IReadOnlyList<string> Names { get; } = ListIn("NANONET_REQUIRE");

    /// <summary>What an environment variable lists, separated by commas.</summary>
    public static string[] ListIn(string variable) => (Environment.GetEnvironmentVariable(variable) ?? "")
        .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Skips the test without a tool, or fails it where the tool is required.</summary>
    public static void Tool(string name, bool isPresent, string cure)
    {
        Assert.False(!isPresent && Names.Contains(name), $"{name} is required and missing. {cure}");
        Assert.SkipUnless(isPresent, $"{name} is missing. {cure}");
    }
}
