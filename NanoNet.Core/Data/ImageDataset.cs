using NanoNet.Core.Errors;

namespace NanoNet.Core.Data;

/// <summary>
/// Labelled grey images, kept as bytes: N images of H x W pixels, row-major, and N labels. Immutable.
/// </summary>
public sealed class ImageDataset
{
    private readonly ReadOnlyMemory<byte> _images;
    private readonly ReadOnlyMemory<byte> _labels;

    /// <summary>Wraps the given arrays without copying them.</summary>
    /// <param name="name">What these images are, for messages.</param>
    /// <param name="images">The pixels, N x H x W.</param>
    /// <param name="labels">The classes, N of them, each less than the number of class names.</param>
    /// <param name="height">H.</param>
    /// <param name="width">W.</param>
    /// <param name="classNames">A name for each class.</param>
    /// <exception cref="ArgumentException">The sizes do not fit together, or a label names no class.</exception>
    public ImageDataset(
        string name, byte[] images, byte[] labels, int height, int width, IReadOnlyList<string> classNames)
        : this(name, images.AsMemory(), labels.AsMemory(), height, width, classNames)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfZero(classNames.Count);
        var expected = (long)labels.Length * height * width;
        if (images.Length != expected)
        {
            throw new ArgumentException(
                $"{name}: {labels.Length} labels of {height} x {width} images need {expected} pixels, " +
                $"got {images.Length}.",
                nameof(images));
        }

        var strange = labels.AsSpan().IndexOfAnyExceptInRange((byte)0, (byte)(classNames.Count - 1));
        if (strange >= 0)
        {
            throw new ArgumentException(
                $"{name}: label {labels[strange]} at index {strange}, but there are only {classNames.Count} classes.",
                nameof(labels));
        }
    }

    // Trusts its arguments: parts of a data set that was checked.
    private ImageDataset(
        string name,
        ReadOnlyMemory<byte> images,
        ReadOnlyMemory<byte> labels,
        int height,
        int width,
        IReadOnlyList<string> classNames)
    {
        Name = name;
        _images = images;
        _labels = labels;
        Height = height;
        Width = width;
        ClassNames = classNames;
    }

    /// <summary>What these images are, for messages.</summary>
    public string Name { get; }

    /// <summary>The number of images, N.</summary>
    public int Count => _labels.Length;

    /// <summary>Rows of each image, H.</summary>
    public int Height { get; }

    /// <summary>Columns of each image, W.</summary>
    public int Width { get; }

    /// <summary>The name of each class; a label is an index into it.</summary>
    public IReadOnlyList<string> ClassNames { get; }

    /// <summary>All pixels, N x H x W, row-major.</summary>
    public ReadOnlySpan<byte> Images => _images.Span;

    /// <summary>All labels, N of them.</summary>
    public ReadOnlySpan<byte> Labels => _labels.Span;

    /// <summary>The pixels of one image, H x W, row-major.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such image.</exception>
    public ReadOnlySpan<byte> Image(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
        return _images.Span.Slice(index * Height * Width, Height * Width);
    }

    /// <summary>The first <paramref name="count"/> images, sharing this data set's memory.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are not that many.</exception>
    public ImageDataset Take(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Count);
        return new ImageDataset(Name, _images[..(count * Height * Width)], _labels[..count], Height, Width, ClassNames);
    }

    /// <summary>A copy of the images at the given indices, in that order; an index may come more than once.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An index names no image.</exception>
    public ImageDataset Select(ReadOnlySpan<int> indices)
    {
        var size = Height * Width;
        var chosen = new byte[indices.Length * size];
        var chosenLabels = new byte[indices.Length];
        for (int i = 0; i < indices.Length; i++)
        {
            Image(indices[i]).CopyTo(chosen.AsSpan(i * size));
            chosenLabels[i] = Labels[indices[i]];
        }

        return new ImageDataset(Name, chosen.AsMemory(), chosenLabels.AsMemory(), Height, Width, ClassNames);
    }

    /// <summary>Reads images and their labels from a pair of IDX files, gzipped or plain.</summary>
    /// <exception cref="DataFormatException">A file is damaged, the two do not belong together, or a label names no
    /// class.</exception>
    public static ImageDataset FromIdx(
        string name, string imagesPath, string labelsPath, IReadOnlyList<string> classNames)
    {
        var images = IdxFile.Read(imagesPath, rank: 3);
        var labels = IdxFile.Read(labelsPath, rank: 1);
        if (labels.Dimensions[0] != images.Dimensions[0])
        {
            throw new DataFormatException(
                labelsPath,
                $"{images.Dimensions[0]:N0} labels, one for each image in {Path.GetFileName(imagesPath)}",
                $"{labels.Dimensions[0]:N0}",
                "give images and labels of the same set");
        }

        var strange = labels.Data.Span.IndexOfAnyExceptInRange((byte)0, (byte)(classNames.Count - 1));
        if (strange >= 0)
        {
            throw new DataFormatException(
                labelsPath,
                $"labels from 0 to {classNames.Count - 1}",
                $"{labels.Data.Span[strange]} at index {strange:N0}",
                "replace it with a fresh copy");
        }

        return new ImageDataset(name, images.Data, labels.Data, images.Dimensions[1], images.Dimensions[2], classNames);
    }

    /// <summary>The name and the shape, as in "Fashion-MNIST test: 10,000 images of 28 x 28 in 10 classes".</summary>
    public override string ToString() =>
        $"{Name}: {Count:N0} images of {Height} x {Width} in {ClassNames.Count} classes";
}
