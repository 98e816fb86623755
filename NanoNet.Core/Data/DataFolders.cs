using NanoNet.Core.Errors;

namespace NanoNet.Core.Data;

/// <summary>The places where data may lie.</summary>
internal static class DataFolders
{
    /// <summary>The environment variable that names the user's data folder.</summary>
    public const string Variable = "NANONET_DATA";

    /// <summary>What that variable says.</summary>
    public static string? FromEnvironment => Environment.GetEnvironmentVariable(Variable);

    /// <summary>
    /// The folder of one data set inside the user's data folder, or null if the user gave none. A folder that was given
    /// must be there: falling through to other data would quietly train on something else.
    /// </summary>
    /// <param name="asked">The data folder that the user asked for in so many words; it comes first.</param>
    /// <param name="environment">The data folder that the environment names.</param>
    /// <param name="name">The data set's folder name.</param>
    /// <exception cref="DataNotFoundException">The given folder, or the data set's inside it, is not there.</exception>
    public static string? Given(string? asked, string? environment, string name)
    {
        var folder = string.IsNullOrEmpty(asked) ? environment : asked;
        if (string.IsNullOrEmpty(folder))
        {
            return null;
        }

        var which = string.IsNullOrEmpty(asked) ? $"that {Variable} names" : "that was given";
        if (!Directory.Exists(folder))
        {
            throw new DataNotFoundException(
                $"The data folder {which}, {folder}, does not exist; it should hold fashion-mnist and mnist.");
        }

        var inside = Path.GetFullPath(Path.Combine(folder, name));
        if (!Directory.Exists(inside))
        {
            throw new DataNotFoundException(
                $"The data folder {which}, {folder}, has no folder {name}; put one there that holds " +
                $"{IdxFolder.Contents}.");
        }

        return inside;
    }

    /// <summary>
    /// The folder of a data set that comes with the program: data/name in the folder of the program or of the caller,
    /// or in any folder above one of them. So it is found from the build output, from a published copy with a data
    /// folder beside it, and from anywhere in the repository.
    /// </summary>
    /// <exception cref="DataNotFoundException">There is none.</exception>
    public static string Shipped(string name)
    {
        string[] starts = [AppContext.BaseDirectory, Directory.GetCurrentDirectory()];
        foreach (var start in starts)
        {
            for (var folder = new DirectoryInfo(start); folder != null; folder = folder.Parent)
            {
                var candidate = Path.Combine(folder.FullName, "data", name);
                if (Directory.Exists(candidate))
                {
                    return candidate;
                }
            }
        }

        throw new DataNotFoundException(
            $"No folder data/{name} was found in or above {string.Join(" or ", starts)}; run inside " +
            $"the repository, put its data folder beside the program, or name one that holds it with {Variable}.");
    }

    /// <summary>
    /// Where downloads are kept: nanonet in $XDG_CACHE_HOME or ~/.cache; on Windows in the local application data.
    /// </summary>
    public static string Cache()
    {
        var root = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
        if (!Path.IsPathFullyQualified(root ?? ""))
        {
            root = OperatingSystem.IsWindows()
                ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData)
                : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        }

        return Path.Combine(root!, "nanonet");
    }
}
