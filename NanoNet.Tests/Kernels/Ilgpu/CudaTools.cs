using System.Diagnostics;
using System.Text.RegularExpressions;

namespace NanoNet.Tests.Kernels.Ilgpu;

/// <summary>
/// NVIDIA's assembler and disassembler, in the folder that the environment variable NANONET_PTXAS names
/// (.ci/install-gpu-tools puts them there) or on the path.
/// </summary>
internal static partial class CudaTools
{
    private static readonly string? s_folder = Folders().FirstOrDefault(
        folder => File.Exists(Path.Combine(folder, "ptxas")) && File.Exists(Path.Combine(folder, "nvdisasm")));

    /// <summary>Whether both are there.</summary>
    public static bool ArePresent => s_folder is not null;

    /// <summary>Assembles kernels for an architecture and reads what came of each.</summary>
    /// <param name="kernels">The PTX of each kernel as ILGPU writes it: a module with one entry and nothing else.</param>
    /// <param name="architecture">Such as "sm_90".</param>
    /// <exception cref="InvalidOperationException">The assembler refused one.</exception>
    /// <remarks>All in one file: the disassembler takes half a second to start.</remarks>
    public static IReadOnlyList<MachineCode> Assemble(IReadOnlyList<string> kernels, string architecture)
    {
        string[] names = [.. kernels.Select((_, i) => $"kernel_{i}")];
        string stem = Path.Combine(Path.GetTempPath(), $"nanonet-{Guid.NewGuid():N}");
        try
        {
            File.WriteAllText($"{stem}.ptx", OneModule(kernels, names));
            string resources = Run("ptxas", "-v", $"-arch={architecture}", $"{stem}.ptx", "-o", $"{stem}.cubin");
            string disassembly = Run("nvdisasm", "-c", $"{stem}.cubin");
            return [.. names.Select(name => MachineCode.Parse(Part(resources, $"entry function '{name}'", "Compiling "),
                Part(disassembly, $"\n.text.{name}:", "\n.text.")))];
        }
        finally
        {
            File.Delete($"{stem}.ptx");
            File.Delete($"{stem}.cubin");
        }
    }

    // The first kernel's header serves all; each entry gets a name of its own.
    private static string OneModule(IReadOnlyList<string> kernels, string[] names)
    {
        const string HeaderEnd = ".address_size 64";
        var bodies = kernels.Select((ptx, i) =>
            Entry().Replace(ptx[(ptx.IndexOf(HeaderEnd, StringComparison.Ordinal) + HeaderEnd.Length)..], $".entry {names[i]}("));
        return kernels[0][..(kernels[0].IndexOf(HeaderEnd, StringComparison.Ordinal) + HeaderEnd.Length)] + string.Concat(bodies);
    }

    // What follows a heading, up to the next.
    private static string Part(string text, string heading, string nextHeading)
    {
        int start = text.IndexOf(heading, StringComparison.Ordinal);
        start = start >= 0 ? start + heading.Length : throw new InvalidOperationException($"No '{heading}' in:\n{text}");
        int end = text.IndexOf(nextHeading, start, StringComparison.Ordinal);
        return end < 0 ? text[start..] : text[start..end];
    }

    [GeneratedRegex(@"\.entry \w+\(")]
    private static partial Regex Entry();

    private static IEnumerable<string> Folders() =>
    [
        Environment.GetEnvironmentVariable("NANONET_PTXAS") ?? "",
        .. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator),
    ];

    // Both its outputs: ptxas tells resources on standard error.
    private static string Run(string tool, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(Path.Combine(s_folder!, tool), arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd() + errors.Result;
        process.WaitForExit();
        return process.ExitCode == 0 ? output
            : throw new InvalidOperationException($"{tool} {string.Join(' ', arguments)} failed:\n{output}");
    }
}
