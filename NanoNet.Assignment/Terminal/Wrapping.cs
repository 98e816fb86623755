namespace NanoNet.Assignment.Terminal;

/// <summary>Breaks lines wider than the terminal at their blanks; what follows is indented under the first.</summary>
internal static class Wrapping
{
    /// <summary>Where the text begins in lines with a label: "Device  cpu: …".</summary>
    private const int LabelWidth = 8;

    /// <summary>The lines; one where it fits, or where it has line ends of its own, as a table has.</summary>
    public static IEnumerable<string> Lines(string line, int width)
    {
        string indent = new(' ', Indent(line));
        while (line.Length > width && !line.Contains('\n'))
        {
            int blank = line.LastIndexOf(' ', width);
            if (blank <= indent.Length)
            {
                // A word that fits nowhere: the terminal breaks it.
                break;
            }

            yield return line[..blank].TrimEnd();
            line = indent + line[blank..].TrimStart();
        }

        yield return line;
    }

    private static int Indent(string line)
    {
        int blanks = line.Length - line.TrimStart().Length;
        bool isLabelled = blanks == 0 && line.Length > LabelWidth && line[LabelWidth - 1] == ' '
            && line[LabelWidth] != ' ' && !line[..LabelWidth].TrimEnd().Contains(' ');
        return isLabelled || blanks == LabelWidth ? LabelWidth : blanks + 2;
    }
}
