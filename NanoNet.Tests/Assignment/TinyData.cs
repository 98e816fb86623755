using System.Text.Json.Nodes;
using NanoNet.Core.Data;
using NanoNet.Tests.Data;

namespace NanoNet.Tests.Assignment;

/// <summary>A data folder with a few hundred images, on which the whole program takes a second or two.</summary>
internal static class TinyData
{
    /// <summary>Writes the first images of what the repository holds to data/ in a folder.</summary>
    public static void Write(TemporaryFolder folder)
    {
        var fashion = FashionMnist.Load();
        var digits = Mnist.Load(offline: true);
        Write(folder, "data/fashion-mnist", fashion.Train.Take(640), fashion.Test.Take(200));
        Write(folder, "data/mnist", digits.Train.Take(200), digits.Test.Take(100));
    }

    /// <summary>Copies a folder with all below it into another, under its own name.</summary>
    public static void Copy(string source, TemporaryFolder folder)
    {
        foreach (string path in Directory.GetFiles(source, "*", SearchOption.AllDirectories))
        {
            string name = Path.Combine(Path.GetFileName(source), Path.GetRelativePath(source, path));
            folder.Write(name, File.ReadAllBytes(path));
        }
    }

    /// <summary>A results file's text but for what differs from run to run.</summary>
    public static string WithoutSeconds(string path)
    {
        var results = JsonNode.Parse(File.ReadAllText(path))!;
        results["models"]!["A"]!.AsObject().Remove("seconds");
        return results.ToJsonString();
    }

    private static void Write(TemporaryFolder folder, string name, ImageDataset train, ImageDataset test)
    {
        foreach (var (prefix, images) in (ReadOnlySpan<(string, ImageDataset)>)[("train", train), ("t10k", test)])
        {
            byte[] pixels = IdxBytes.Idx([images.Count, 28, 28], images.Images.ToArray());
            folder.Write($"{name}/{prefix}-images-idx3-ubyte", pixels);
            folder.Write($"{name}/{prefix}-labels-idx1-ubyte", IdxBytes.Idx([images.Count], images.Labels.ToArray()));
        }
    }
}
