using Spectre.Console;

namespace NanoNet.Assignment.Terminal;

/// <summary>A terminal with someone before it: colours, and a bar with the time left.</summary>
internal sealed class LiveScreen(IAnsiConsole console) : IScreen
{
    public void Say(string line = "") => console.WriteLine(line);

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
        return console.Progress()
            .AutoClear(true)
            .Columns(
                new TaskDescriptionColumn { Alignment = Justify.Left },
                new ProgressBarColumn { Width = 20 },
                new PercentageColumn(),
                figures)
            .Start(context => work(new LiveWatch(this, context.AddTask(Markup.Escape(title), maxValue: 1), figures)));
    }

    private sealed class LiveWatch(LiveScreen screen, ProgressTask task, WatchColumn figures) : IWatch
    {
        public void Report(double share, string status)
        {
            task.Value = Math.Clamp(share, 0, 1);
            figures.Text = status;
        }

        public void Milestone(string line) => screen.Say(line);
    }
}
