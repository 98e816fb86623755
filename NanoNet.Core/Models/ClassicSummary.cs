using System.Globalization;
using System.Text;

namespace NanoNet.Core.Models;

/// <summary>
/// The summary of Keras 2.6 and earlier, to the letter: three columns that end at 45, 85 and 100 per cent of 65
/// characters; what is too long is cut, and every row is padded to the full width.
/// </summary>
internal static class ClassicSummary
{
    private const int Width = 65;
    private static readonly int[] ColumnEnds = [29, 55, 65];

    /// <summary>The summary, with a line end after each line.</summary>
    public static string Draw(string modelName, IReadOnlyList<SummaryRow> rows)
    {
        string thin = new('_', Width);
        string thick = new('=', Width);
        var text = new StringBuilder();
        Line($"Model: \"{modelName}\"");
        Line(thin);
        Line(Columns("Layer (type)", "Output Shape", "Param #"));
        Line(thick);
        for (int i = 0; i < rows.Count; i++)
        {
            Line(Columns(rows[i].Layer, rows[i].Output, $"{rows[i].Parameters}"));
            Line(i < rows.Count - 1 ? thin : thick);
        }

        string parameters = rows.Sum(row => row.Parameters).ToString("N0", CultureInfo.InvariantCulture);
        Line($"Total params: {parameters}");
        Line($"Trainable params: {parameters}");
        Line("Non-trainable params: 0");
        Line(thin);
        return text.ToString();

        void Line(string line) => text.Append(line).Append('\n');
    }

    // A cell that fills its column loses its last character to the gap before the next.
    private static string Columns(params ReadOnlySpan<string> cells)
    {
        string line = "";
        for (int i = 0; i < cells.Length; i++)
        {
            line = i == 0 ? cells[i] : $"{line[..^1]} {cells[i]}";
            line = line[..Math.Min(line.Length, ColumnEnds[i])].PadRight(ColumnEnds[i]);
        }

        return line;
    }
}
