using Spectre.Console;

namespace NanoNet.Assignment.Terminal;

/// <summary>Plain lines, for files, pipes and terminals that want no colour: nothing is ever redrawn.</summary>
internal sealed class PlainScreen(TextWriter output) : IScreen, IWatch
{
    private const int TableWidth = 120;

    public void Say(string line = "")
    {
        output.WriteLine(line);
        output.Flush();
    }

    public void Head(string line)
    {
        Say();
        Say(line);
    }

    public void Table(string[] columns, IEnumerable<string[]> rows)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(output),
        });
        console.Profile.Width = TableWidth;
        console.Write(Tables.Create(columns, rows, TableBorder.Simple));
    }

    public T Watch<T>(string title, Func<IWatch, T> work) => work(this);

    public void Report(double share, string status)
    {
        // Only what stays is printed.
    }

    public void Milestone(string line) => Say(line);
}
