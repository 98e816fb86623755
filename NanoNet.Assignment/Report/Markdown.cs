using System.Text;

namespace NanoNet.Assignment.Report;

/// <summary>A text in Markdown, block after block with an empty line between.</summary>
internal sealed class Markdown
{
    private readonly StringBuilder _text = new();

    /// <summary>Adds a heading.</summary>
    public void Heading(int level, string text) => Block($"{new string('#', level)} {text}");

    /// <summary>Adds a paragraph. Line ends are spaces, so that a long sentence can be laid out in the source.</summary>
    public void Paragraph(string text) => Block(Flow(text));

    /// <summary>Adds a list; line ends within an item are spaces.</summary>
    public void Items(IEnumerable<string> items, bool numbered = false) =>
        Block(string.Join('\n', items.Select((item, i) => $"{(numbered ? $"{i + 1}." : "-")} {Flow(item)}")));

    /// <summary>Adds a table: the first column to the left, the others to the right.</summary>
    public void Table(IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<string>> rows)
    {
        string alignment = string.Concat(columns.Select((_, i) => i == 0 ? "|---" : "|---:")) + "|";
        Block(string.Join('\n', [Row(columns), alignment, .. rows.Select(Row)]));
    }

    /// <summary>Adds pictures in a row, and below them the commands that make them.</summary>
    public void Pictures(string madeBy, params (string Caption, string File)[] pictures)
    {
        Block(string.Join('\n', pictures.Select(picture => $"![{picture.Caption}]({picture.File})")));
        Block($"*Made by* {madeBy}");
    }

    /// <inheritdoc/>
    public override string ToString() => _text.ToString();

    // A number and its per cent stay together in a narrow column.
    private static string Row(IReadOnlyList<string> cells) =>
        $"| {string.Join(" | ", cells).Replace(" %", "\u00a0%", StringComparison.Ordinal)} |";

    private static string Flow(string text) => text.ReplaceLineEndings(" ");

    private void Block(string block)
    {
        if (_text.Length > 0)
        {
            _text.Append('\n');
        }

        _text.Append(block).Append('\n');
    }
}
