using Spectre.Console;

namespace NanoNet.Assignment.Terminal;

/// <summary>Chooses how to talk to the user.</summary>
internal static class Screens
{
    /// <summary>
    /// A live screen where a terminal shows it and nobody forbade colour (no-color.org), else plain lines.
    /// </summary>
    public static IScreen For(TextWriter output)
    {
        bool toTerminal = ReferenceEquals(output, Console.Out) && !Console.IsOutputRedirected;
        bool wantsPlain = !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
            || Environment.GetEnvironmentVariable("TERM") is "dumb";
        return toTerminal && !wantsPlain && AnsiConsole.Profile.Capabilities.Ansi
            ? new LiveScreen(AnsiConsole.Console)
            : new PlainScreen(output);
    }
}
