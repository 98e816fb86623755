using Spectre.Console;
using Spectre.Console.Rendering;

namespace NanoNet.Assignment.Terminal;

/// <summary>The time left and the figures of the moment, at the end of a progress line.</summary>
internal sealed class WatchColumn : ProgressColumn
{
    /// <summary>
    /// What is shown. Written by the work's thread and read by the one that draws: a reference, so never half of one.
    /// </summary>
    public string Text { get; set; } = "";

    protected override bool NoWrap => true;

    public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime) =>
        new Text(Text).Overflow(Overflow.Ellipsis);
}
