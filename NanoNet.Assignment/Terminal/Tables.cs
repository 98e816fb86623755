using Spectre.Console;

namespace NanoNet.Assignment.Terminal;

/// <summary>Tables of plain text.</summary>
internal static class Tables
{
    public static Table Create(string[] columns, IEnumerable<string[]> rows, TableBorder border)
    {
        var table = new Table().Border(border);
        foreach (string column in columns)
        {
            table.AddColumn(new TableColumn(Markup.Escape(column)));
        }

        foreach (var row in rows)
        {
            table.AddRow(row.Select(cell => new Text(cell)));
        }

        return table;
    }
}
