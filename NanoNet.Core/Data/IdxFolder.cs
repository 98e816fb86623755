using NanoNet.Core.Errors;

namespace NanoNet.Core.Data;

/// <summary>A folder with the four files in which MNIST and its relatives are published.</summary>
internal static class IdxFolder
{
    /// <summary>The files' names, without the .gz that each may have.</summary>
    public static readonly IReadOnlyList<string> FileNames =
    [
        "train-images-idx3-ubyte",
        "train-labels-idx1-ubyte",
        "t10k-images-idx3-ubyte",
        "t10k-labels-idx1-ubyte",
    ];

    private const int Side = 28;

    /// <summary>What such a folder holds, for messages.</summary>
    public static string Contents => $"{string.Join(", ", FileNames)}, each plain or as .gz";

    /// <summary>The file of that name in the folder, gzipped or plain, or null.</summary>
    public static string? Find(string folder, string fileName)
    {
        var plain = Path.Combine(folder, fileName);
        string[] candidates = [plain + ".gz", plain];
        return Array.Find(candidates, File.Exists);
    }

    /// <summary>Reads the folder's four files.</summary>
    /// <exception cref="DataNotFoundException">A file is missing.</exception>
    /// <exception cref="DataFormatException">A file is damaged, or its images are not 28 x 28.</exception>
    public static (ImageDataset Train, ImageDataset Test) Load(
        string folder, string name, IReadOnlyList<string> classNames)
    {
        var missing = FileNames.Where(file => Find(folder, file) == null).ToList();
        if (missing.Count > 0)
        {
            throw new DataNotFoundException($"{folder} lacks {string.Join(", ", missing)}; it should hold {Contents}.");
        }

        var train = LoadPart(folder, "train", $"{name} training", classNames);
        var test = LoadPart(folder, "t10k", $"{name} test", classNames);
        return (train, test);
    }

    private static ImageDataset LoadPart(string folder, string prefix, string name, IReadOnlyList<string> classNames)
    {
        var imagesPath = Find(folder, $"{prefix}-images-idx3-ubyte")!;
        var part = ImageDataset.FromIdx(name, imagesPath, Find(folder, $"{prefix}-labels-idx1-ubyte")!, classNames);
        if (part.Height == Side && part.Width == Side)
        {
            return part;
        }

        throw new DataFormatException(
            imagesPath, $"images of {Side} x {Side}", $"{part.Height} x {part.Width}", "give images of that size");
    }
}
