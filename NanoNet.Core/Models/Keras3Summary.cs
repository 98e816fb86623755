using System.Globalization;
using System.Text;

namespace NanoNet.Core.Models;

/// <summary>The summary of Keras 3: a box whose long cells wrap, then the totals with their memory.</summary>
internal static class Keras3Summary
{
    private const int WidestTable = 88;

    // Room for six digits in the last column: Keras would cut them off with dots below that.
    private const int NarrowestTable = 46;

    private const int Margin = 4;

    private static readonly string[] Units = ["B", "KB", "MB", "GB", "TB", "PB"];

    /// <summary>The summary, with a line end after each line.</summary>
    /// <param name="modelName">The model's name.</param>
    /// <param name="rows">Its layers.</param>
    /// <param name="optimizer">How many numbers the optimizer holds and their bytes; zeros leave its line out.</param>
    /// <param name="columns">How many characters the terminal is wide.</param>
    public static string Draw(
        string modelName,
        IReadOnlyList<SummaryRow> rows,
        (long Count, long Bytes) optimizer = default,
        int columns = 80)
    {
        int[] widths = CellWidths(Math.Clamp(columns - Margin, NarrowestTable, WidestTable));
        var text = new StringBuilder();
        text.Append($"Model: \"{modelName}\"\n");
        Rule(text, widths, "┏━┳┓");
        Cells(text, widths, '┃', "Layer (type)", "Output Shape", "Param #");
        Rule(text, widths, "┡━╇┩");
        for (int i = 0; i < rows.Count; i++)
        {
            Cells(text, widths, '│', rows[i].Layer, rows[i].Output, Grouped(rows[i].Parameters));
            Rule(text, widths, i < rows.Count - 1 ? "├─┼┤" : "└─┴┘");
        }

        long parameters = rows.Sum(row => row.Parameters);
        long bytes = parameters * sizeof(float);
        text.Append($" Total params: {Grouped(parameters + optimizer.Count)} ({Memory(bytes + optimizer.Bytes)})\n");
        text.Append($" Trainable params: {Grouped(parameters)} ({Memory(bytes)})\n");
        text.Append($" Non-trainable params: 0 ({Memory(0)})\n");
        if (optimizer.Count > 0)
        {
            text.Append($" Optimizer params: {Grouped(optimizer.Count)} ({Memory(optimizer.Bytes)})\n");
        }

        return text.ToString();
    }

    // Keras asks for cells of 45, 35 and 20 per cent of the table; borders and padding come on top, and its table
    // printer takes the excess of ten characters back from them, as evenly as it goes: 3, 4 and 3.
    private static int[] CellWidths(int table)
    {
        int first = (int)(table * 0.45);
        int second = (int)(table * 0.80);
        return [first - 3, second - first - 4, table - second - 3];
    }

    // Left corner, line, crossing, right corner.
    private static void Rule(StringBuilder text, int[] widths, string pieces)
    {
        var segments = widths.Select(width => new string(pieces[1], width + 2));
        text.Append(pieces[0]).AppendJoin(pieces[2], segments).Append(pieces[3]).Append('\n');
    }

    private static void Cells(StringBuilder text, int[] widths, char border, params ReadOnlySpan<string> cells)
    {
        var first = Wrap(cells[0], widths[0]);
        var second = Wrap(cells[1], widths[1]);
        var third = Wrap(cells[2], widths[2]);
        int height = Math.Max(first.Count, Math.Max(second.Count, third.Count));
        for (int line = 0; line < height; line++)
        {
            text.Append(border).Append(' ').Append(At(first, line).PadRight(widths[0])).Append(' ');
            text.Append(border).Append(' ').Append(At(second, line).PadRight(widths[1])).Append(' ');
            text.Append(border).Append(' ').Append(At(third, line).PadLeft(widths[2])).Append(' ');
            text.Append(border).Append('\n');
        }
    }

    private static string At(List<string> lines, int index) => index < lines.Count ? lines[index] : "";

    // At blanks; a word that is wider than the cell is cut.
    private static List<string> Wrap(string cell, int width)
    {
        var lines = new List<string> { "" };
        foreach (char[] piece in cell.Split(' ').SelectMany(word => word.Chunk(width)))
        {
            string word = new(piece);
            string longer = lines[^1].Length == 0 ? word : $"{lines[^1]} {word}";
            if (longer.Length <= width)
            {
                lines[^1] = longer;
            }
            else
            {
                lines.Add(word);
            }
        }

        return lines;
    }

    private static string Grouped(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static string Memory(long bytes)
    {
        double size = bytes;
        int unit = 0;
        while (size >= 1024 && unit < Units.Length - 1)
        {
            size /= 1024;
            unit++;
        }

        return $"{size.ToString("F2", CultureInfo.InvariantCulture)} {Units[unit]}";
    }
}
