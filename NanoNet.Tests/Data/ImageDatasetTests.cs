using NanoNet.Core.Data;
using NanoNet.Core.Errors;
using Xunit;

namespace NanoNet.Tests.Data;

public sealed class ImageDatasetTests : IDisposable
{
    private static readonly string[] Classes = [.. Enumerable.Range(0, 10).Select(i => $"class {i}")];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Images_and_labels_are_what_the_files_hold()
    {
        var set = FromFiles(IdxBytes.Images(12, 2, 3), IdxBytes.Labels(12));

        Assert.Equal((12, 2, 3), (set.Count, set.Height, set.Width));
        Assert.Equal([6, 7, 8, 9, 10, 11], set.Image(1).ToArray());
        Assert.Equal(0, set.Labels[10]);
        Assert.Equal("some: 12 images of 2 x 3 in 10 classes", set.ToString());
    }

    [Fact]
    public void Take_and_Select_keep_images_with_their_labels()
    {
        var set = FromFiles(IdxBytes.Images(12, 2, 3), IdxBytes.Labels(12));

        var first = set.Take(5);
        var chosen = first.Select([4, 0, 4]);

        Assert.Equal(set.Images[..30].ToArray(), first.Images.ToArray());
        Assert.Equal([4, 0, 4], chosen.Labels.ToArray());
        Assert.Equal(set.Image(4).ToArray(), chosen.Image(2).ToArray());
        Assert.Equal(18, chosen.Images.Length);
        Assert.Equal(0, set.Take(0).Count);
    }

    [Fact]
    public void Indices_outside_are_refused()
    {
        var set = FromFiles(IdxBytes.Images(3, 2, 3), IdxBytes.Labels(3));

        Assert.Throws<ArgumentOutOfRangeException>(() => set.Image(3).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => set.Image(-1).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => set.Take(4));
        Assert.Throws<ArgumentOutOfRangeException>(() => set.Select([0, 3]));
        Assert.Throws<ArgumentOutOfRangeException>(() => set.Take(2).Image(2).Length);
    }

    [Fact]
    public void Files_that_do_not_belong_together_are_refused()
    {
        var count = Assert.Throws<DataFormatException>(() => FromFiles(IdxBytes.Images(3), IdxBytes.Labels(4)));
        Assert.Contains("3 labels, one for each image in images, but found 4", count.Message, StringComparison.Ordinal);

        var labels = IdxBytes.Idx([3], [0, 10, 1]);
        var label = Assert.Throws<DataFormatException>(() => FromFiles(IdxBytes.Images(3), labels));
        Assert.Contains("labels from 0 to 9, but found 10 at index 1", label.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Arrays_that_do_not_fit_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new ImageDataset("x", new byte[7], new byte[2], 2, 2, Classes));
        Assert.Throws<ArgumentException>(() => new ImageDataset("x", new byte[8], [0, 10], 2, 2, Classes));
    }

    private ImageDataset FromFiles(byte[] images, byte[] labels) =>
        ImageDataset.FromIdx("some", _folder.Write("images", images), _folder.Write("labels", labels), Classes);
}
