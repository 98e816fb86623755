using System.Text.RegularExpressions;

namespace NanoNet.Core.Files;

/// <summary>
/// Files that appear whole or not at all: written beside their place, then renamed. Whoever reads the path, and whoever stops the program
/// half-way, finds the old file or the new one, never a part.
/// </summary>
public static partial class AtomicFile
{
    /// <summary>Writes a file.</summary>
    /// <param name="path">Its place; the folder is made if it is not there.</param>
    /// <param name="write">Writes the contents. If it throws, nothing changes.</param>
    /// <exception cref="IOException">The folder or the file cannot be written; the old file is still there.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        Replace(path, temporary =>
        {
            using var stream = File.Create(temporary);
            write(stream);
        });
    }

    /// <summary>Writes a text file.</summary>
    /// <param name="path">Its place; the folder is made if it is not there.</param>
    /// <param name="text">The contents, written as UTF-8.</param>
    /// <exception cref="IOException">The folder or the file cannot be written; the old file is still there.</exception>
    public static void WriteText(string path, string text) => Replace(path, temporary => File.WriteAllText(temporary, text));

    /// <summary>The same for whoever writes to a path.</summary>
    /// <param name="path">Its place; the folder is made if it is not there.</param>
    /// <param name="write">Writes the file at the path it is given, which has the same ending. If it throws, nothing changes.</param>
    /// <exception cref="IOException">The folder or the file cannot be written; the old file is still there.</exception>
    public static void Replace(string path, Action<string> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        Directory.CreateDirectory(folder);
        string temporary = Path.Combine(
            folder, $"{Path.GetFileNameWithoutExtension(path)}.{Guid.NewGuid():N}.partial{Path.GetExtension(path)}");
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

    /// <summary>Whether a name is that of a file whose writer was killed before it could take its place.</summary>
    public static bool IsUnfinished(string name) => Unfinished().IsMatch(name);

    [GeneratedRegex(@"\.[0-9a-f]{32}\.partial(\.\w+)?$")]
    private static partial Regex Unfinished();
}
