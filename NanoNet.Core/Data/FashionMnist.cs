using NanoNet.Core.Errors;

namespace NanoNet.Core.Data;

/// <summary>
/// Zalando's Fashion-MNIST: 60,000 training and 10,000 test images, 28 x 28, of ten kinds of garment. It comes with the
/// repository.
/// </summary>
public static class FashionMnist
{
    private const string FolderName = "fashion-mnist";

    /// <summary>The ten garments, by label.</summary>
    public static IReadOnlyList<string> ClassNames { get; } =
    [
        "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot",
    ];

    /// <summary>Loads it from the user's data folder where one is given, else from the repository.</summary>
    /// <param name="dataDirectory">A folder that holds fashion-mnist; null: the environment variable NANONET_DATA, if
    /// it is set.</param>
    /// <exception cref="DataNotFoundException">A folder that was given lacks it, or the repository's was not
    /// found.</exception>
    /// <exception cref="DataFormatException">A file is damaged.</exception>
    public static DatasetSplit Load(string? dataDirectory = null)
    {
        var folder = DataFolders.Given(dataDirectory, DataFolders.FromEnvironment, FolderName)
            ?? DataFolders.Shipped(FolderName);
        var (train, test) = IdxFolder.Load(folder, "Fashion-MNIST", ClassNames);
        var source = $"Fashion-MNIST: {train.Count:N0} training and {test.Count:N0} test images from {folder}";
        return new DatasetSplit("Fashion-MNIST", train, test, source);
    }
}
