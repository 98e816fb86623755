using System.Security.Cryptography;
using System.Text.RegularExpressions;
using NanoNet.Core.Data;
using Xunit;

namespace NanoNet.Tests.Data;

/// <summary>
/// The data in the repository: found from the test's own folder, whole, and the bytes that data/README.md promises.
/// </summary>
public sealed class ShippedDataTests
{
    [Fact]
    public void Holds_the_bytes_that_the_readme_promises()
    {
        var data = Directory.GetParent(DataFolders.Shipped("fashion-mnist"))!.FullName;
        var readme = File.ReadAllText(Path.Combine(data, "README.md"));
        var promises = Regex.Matches(readme, @"\| (\S+-ubyte) \| ([0-9a-f]{64}) \|");

        Assert.Equal(8, promises.Count);
        foreach (var promise in promises.AsEnumerable())
        {
            var file = Path.Combine(data, promise.Groups[1].Value + ".gz");
            Assert.Equal(promise.Groups[2].Value, UnzippedHash.OfFile(file));
        }
    }

    [Fact]
    public void Fashion_mnist_is_complete_and_balanced()
    {
        var folder = DataFolders.Shipped("fashion-mnist");
        var (train, test) = IdxFolder.Load(folder, "Fashion-MNIST", FashionMnist.ClassNames);

        Assert.Equal((60000, 10000, 28, 28), (train.Count, test.Count, train.Height, train.Width));
        Assert.All(CountByClass(train), count => Assert.Equal(6000, count));
        Assert.All(CountByClass(test), count => Assert.Equal(1000, count));
        Assert.Equal([9, 0, 0, 3, 0, 2, 7, 2, 5, 5], train.Labels[..10].ToArray());
    }

    [Fact]
    public void Mnist_10k_has_two_separate_parts_with_every_digit_in_both()
    {
        var (train, test) = IdxFolder.Load(DataFolders.Shipped("mnist-10k"), "MNIST-10k", Mnist.ClassNames);

        Assert.Equal((8000, 2000), (train.Count, test.Count));
        Assert.All(CountByClass(train), count => Assert.InRange(count, 650, 900));
        Assert.All(CountByClass(test), count => Assert.InRange(count, 170, 230));
        Assert.Empty(Hashes(train).Intersect(Hashes(test)));
        Assert.Equal(10000, Hashes(train).Union(Hashes(test)).Count());
    }

    private static int[] CountByClass(ImageDataset set)
    {
        var counts = new int[set.ClassNames.Count];
        foreach (var label in set.Labels)
        {
            counts[label]++;
        }

        return counts;
    }

    private static HashSet<string> Hashes(ImageDataset set) =>
        [.. Enumerable.Range(0, set.Count).Select(i => Convert.ToHexString(SHA256.HashData(set.Image(i))))];
}
