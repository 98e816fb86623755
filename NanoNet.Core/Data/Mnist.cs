using System.Globalization;
using NanoNet.Core.Errors;

namespace NanoNet.Core.Data;

/// <summary>
/// MNIST: 60,000 training and 10,000 test images, 28 x 28, of handwritten digits; or, without a network, 10,000 of
/// them.
/// </summary>
public static class Mnist
{
    /// <summary>The ten digits, by label.</summary>
    public static IReadOnlyList<string> ClassNames { get; } =
        [.. Enumerable.Range(0, 10).Select(digit => digit.ToString(CultureInfo.InvariantCulture))];

    /// <summary>
    /// Loads it from the first of: the user's data folder, where one is given; the cache; a download into the cache;
    /// the 8,000 and 2,000 digits in the repository. NANONET_OFFLINE=1 leaves out the download.
    /// </summary>
    /// <param name="dataDirectory">A folder that holds mnist; null: the environment variable NANONET_DATA, if it is
    /// set.</param>
    /// <param name="report">Told, line by line, how a download goes; null: nobody is.</param>
    /// <param name="offline">Leaves out the download, whatever the environment says.</param>
    /// <exception cref="DataNotFoundException">A folder that was given lacks it, or the repository's was not
    /// found.</exception>
    /// <exception cref="DataFormatException">A file is damaged.</exception>
    public static DatasetSplit Load(string? dataDirectory = null, Action<string>? report = null, bool offline = false)
    {
        var source = new MnistSource
        {
            DataDirectory = dataDirectory,
            Report = report ?? (_ => { }),
            Offline = offline || Environment.GetEnvironmentVariable("NANONET_OFFLINE") is "1" or "true",
        };
        return source.Load();
    }
}
