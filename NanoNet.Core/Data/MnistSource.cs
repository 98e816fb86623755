using NanoNet.Core.Errors;

namespace NanoNet.Core.Data;

/// <summary>
/// Where MNIST is looked for, in order. Everything that reaches outside the repository can be replaced, so that tests
/// can drive it.
/// </summary>
internal sealed class MnistSource
{
    private const string FolderName = "mnist";

    /// <summary>The user's data folder, if given in so many words.</summary>
    public string? DataDirectory { get; init; }

    /// <summary>The user's data folder, if the environment names one.</summary>
    public string? EnvironmentDirectory { get; init; } = DataFolders.FromEnvironment;

    /// <summary>The folder of all downloads; MNIST has its own inside.</summary>
    public string CacheDirectory { get; init; } = DataFolders.Cache();

    /// <summary>Whether the download is left out.</summary>
    public bool Offline { get; init; }

    /// <summary>Base addresses that serve the four gzipped files.</summary>
    public IReadOnlyList<Uri> Mirrors { get; init; } =
    [
        new("https://ossci-datasets.s3.amazonaws.com/mnist/"),
        new("https://storage.googleapis.com/cvdf-datasets/mnist/"),
    ];

    /// <summary>The four files and what they must hold.</summary>
    public IReadOnlyList<MirroredFile> Files { get; init; } =
    [
        new("train-images-idx3-ubyte", "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db"),
        new("train-labels-idx1-ubyte", "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5"),
        new("t10k-images-idx3-ubyte", "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7"),
        new("t10k-labels-idx1-ubyte", "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"),
    ];

    /// <summary>How patient a download is.</summary>
    public DownloadPatience Patience { get; init; } = new();

    /// <summary>Told how a download goes.</summary>
    public Action<string> Report { get; init; } = _ => { };

    private string CacheFolder => Path.Combine(CacheDirectory, FolderName);

    /// <summary>Loads MNIST from the first place that has it.</summary>
    /// <exception cref="DataNotFoundException">A folder that was given lacks it, or the repository's digits were not
    /// found.</exception>
    /// <exception cref="DataFormatException">A file outside the cache is damaged.</exception>
    public DatasetSplit Load()
    {
        if (DataFolders.Given(DataDirectory, EnvironmentDirectory, FolderName) is { } given)
        {
            return Complete(given, $"from {given}");
        }

        var missing = Files.Where(file => !IsSoundInCache(file)).ToList();
        if (missing.Count == 0)
        {
            return Complete(CacheFolder, $"from the cache, {CacheFolder}");
        }

        if (Offline)
        {
            return Embedded("downloads are switched off");
        }

        return Download(missing) is { } failure
            ? Embedded(failure)
            : Complete(CacheFolder, $"downloaded to {CacheFolder}");
    }

    private static DatasetSplit Complete(string folder, string origin)
    {
        var (train, test) = IdxFolder.Load(folder, "MNIST", Mnist.ClassNames);
        var source = $"MNIST: {train.Count:N0} training and {test.Count:N0} test digits {origin}";
        return new DatasetSplit("MNIST", train, test, source);
    }

    private static DatasetSplit Embedded(string reason)
    {
        const string name = "MNIST-10k";
        var (train, test) = IdxFolder.Load(DataFolders.Shipped("mnist-10k"), name, Mnist.ClassNames);
        var counts = $"{train.Count:N0} training and {test.Count:N0} test digits";
        var source = $"{name}: {counts}, all from MNIST's training half, " +
            $"in place of the complete MNIST: {reason}; --data DIR uses the files in DIR/mnist";
        return new DatasetSplit(name, train, test, source);
    }

    // A file in the cache that is cut short or damaged counts as missing: the cache is ours to mend.
    private bool IsSoundInCache(MirroredFile file)
    {
        var path = IdxFolder.Find(CacheFolder, file.Name);
        return path != null && UnzippedHash.OfFile(path) == file.Sha256;
    }

    // Returns why it failed, or null when all files are in the cache.
    private string? Download(IReadOnlyList<MirroredFile> missing)
    {
        using var download = new MirrorDownload(Mirrors, Patience, Report);
        Report($"MNIST is not in {CacheFolder}: downloading it (NANONET_OFFLINE=1 skips this)");
        foreach (var file in missing)
        {
            if (download.Fetch(file, CacheFolder) is { } failure)
            {
                return failure;
            }
        }

        return null;
    }
}
