using Spectre.Console;

namespace NanoNet.Assignment.Terminal;

/// <summary>A terminal with someone before it: colours, and a bar with the time left.</summary>
internal sealed class LiveScreen(IAnsiConsole console) : IScreen
{
    /// <summary>Narrower terminals have no room for a bar beside the figures.</summary>
    private const int RoomForABar = 110;

    public void Say(string line = "")
    {
        foreach (string part in Wrapping.Lines(line, Width))
        {
            console.WriteLine(part);
        }
    }

    private int Width => console.Profile.Width;

    public void Head(string line)
    {
        console.WriteLine();
        console.MarkupLineInterpolated($"[bold]{line}[/]");
    }

    public void Table(string[] columns, IEnumerable<string[]> rows) =>
        console.Write(Tables.Create(columns, rows, TableBorder.Rounded));

    public T Watch<T>(string title, Func<IWatch, T> work)
    {
        var figures = new WatchColumn();
        ProgressColumn[] columns = Width < RoomForABar
            ? [new PercentageColumn(), figures]
            :
            [
                new TaskDescriptionColumn { Alignment = Justify.Left },
                new ProgressBarColumn { Width = 20 },
                new PercentageColumn(),
                figures,
            ];
        return console.Progress()
            .AutoClear(true)
            .Columns(columns)
            .Start(context => work(new LiveWatch(this, context.AddTask(Markup.Escape(title), maxValue: 1), figures)));
    }

    private sealed class LiveWatch(LiveScreen screen, ProgressTask task, WatchColumn figures) : IWatch
    {
        public void Report(double share, string status)
        {
            task.Value = Math.Clamp(share, 0, 1);
            figures.Text = status;
        }

        // Where a line is broken, its second part lies where the bar was: blanks to its end wipe that out.
        public void Milestone(string line)
        {
            foreach (string part in Wrapping.Lines(line, screen.Width))
            {
                screen.Say(part.PadRight(screen.Width - 1));
            }
        }
    }
}
