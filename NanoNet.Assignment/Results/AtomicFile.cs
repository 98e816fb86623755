using System.Text.RegularExpressions;

namespace NanoNet.Assignment.Results;

/// <summary>
/// Files that are either the old one or the new one, whole: written beside their place, then renamed.
/// </summary>
internal static partial class AtomicFile
{
    /// <summary>
    /// Whether a name is that of a file whose writer was killed: ours, a picture's or a model's beside its place.
    /// </summary>
    public static bool IsUnfinished(string name) => Unfinished().IsMatch(name);

    /// <summary>Replaces a file's text; makes its folder if need be.</summary>
    public static void WriteText(string path, string text) =>
        Write(path, temporary => File.WriteAllText(temporary, text));

    /// <summary>Replaces a file.</summary>
    /// <param name="path">Its place; the folder is made if need be.</param>
    /// <param name="write">Writes the file at the path it is given, which has the same ending. If it throws, nothing
    /// changes.</param>
    public static void Write(string path, Action<string> write)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        Directory.CreateDirectory(folder);
        string temporary = Path.Combine(folder, $".{Environment.ProcessId}-{Path.GetFileName(path)}");
        try
        {
            write(temporary);
            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    [GeneratedRegex(@"^\.\d+-.+\.\w+$|\.[0-9a-f]{32}\.(tmp|partial)$")]
    private static partial Regex Unfinished();
}
