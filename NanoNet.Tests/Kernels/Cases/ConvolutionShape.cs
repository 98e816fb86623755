using NanoNet.Kernels.Geometry;

namespace NanoNet.Tests.Kernels.Cases;

/// <summary>The sizes of a convolution under test.</summary>
internal sealed record ConvolutionShape(
    int Batch, int Height, int Width, int Channels, int Filters, int KernelHeight, int KernelWidth, int StrideHeight, int StrideWidth,
    Padding Padding)
{
    private const Padding Same = Padding.Same;
    private const Padding Valid = Padding.Valid;

    /// <summary>Every kernel size, stride, padding, batch and channel count that matters, each with odd company.</summary>
    public static IReadOnlyList<ConvolutionShape> All { get; } =
    [
        new(1, 1, 1, 1, 1, 1, 1, 1, 1, Valid),
        new(1, 1, 1, 3, 5, 3, 3, 1, 1, Same),
        new(2, 7, 7, 3, 17, 1, 1, 1, 1, Valid),
        new(3, 7, 9, 17, 3, 1, 1, 2, 2, Same),
        new(3, 7, 9, 1, 3, 2, 3, 1, 2, Same),
        new(1, 6, 11, 3, 7, 2, 3, 2, 1, Valid),
        new(3, 5, 4, 3, 4, 2, 2, 3, 3, Valid),
        new(1, 7, 7, 1, 1, 3, 3, 1, 1, Same),
        new(3, 7, 7, 3, 17, 3, 3, 1, 1, Same),
        new(2, 9, 7, 17, 3, 3, 3, 1, 1, Valid),
        new(3, 6, 6, 17, 31, 3, 3, 1, 1, Same),
        new(1, 4, 4, 64, 65, 3, 3, 1, 1, Valid),
        new(1, 14, 14, 64, 33, 3, 3, 1, 1, Same),
        new(2, 14, 14, 8, 128, 3, 3, 1, 1, Same),
        new(3, 7, 7, 64, 64, 3, 3, 1, 1, Same),
        new(33, 5, 5, 3, 7, 3, 3, 1, 1, Same),
        new(2, 13, 17, 16, 16, 3, 3, 1, 1, Same),
        new(1, 8, 8, 3, 129, 3, 3, 2, 2, Same),
        new(2, 10, 7, 17, 9, 3, 3, 2, 1, Same),
        new(1, 11, 13, 3, 7, 3, 3, 3, 3, Valid),
        new(2, 9, 9, 3, 7, 5, 5, 1, 1, Same),
        new(3, 9, 11, 1, 17, 5, 5, 2, 2, Same),
        new(1, 12, 10, 17, 5, 5, 5, 3, 2, Valid),
        new(2, 28, 28, 1, 64, 7, 7, 1, 1, Same),
        new(1, 7, 7, 3, 7, 7, 7, 1, 1, Valid),
        new(3, 5, 4, 2, 3, 7, 7, 1, 1, Same),
        new(1, 15, 15, 3, 7, 7, 7, 3, 3, Same),
        new(1, 1, 33, 3, 7, 1, 5, 1, 1, Same),
        new(1, 31, 1, 3, 7, 5, 1, 2, 1, Valid),
    ];

    public Conv2DGeometry Geometry => Conv2DGeometry.Create(
        Batch, Height, Width, Channels, Filters, KernelHeight, KernelWidth, StrideHeight, StrideWidth, Padding);

    public int[] Input => [Batch, Height, Width, Channels];

    public int[] Filter => [KernelHeight, KernelWidth, Channels, Filters];

    public int[] Output => [Batch, Geometry.OutputHeight, Geometry.OutputWidth, Filters];

    /// <summary>Whether an engine may use Winograd's algorithm, whose rounding errors are larger.</summary>
    public bool MayBeWinograd => (KernelHeight, KernelWidth, StrideHeight, StrideWidth) == (3, 3, 1, 1);

    /// <summary>Multiply-adds.</summary>
    public long Cost => (long)Geometry.OutputCount * Geometry.PatchSize;

    public override string ToString() => $"{Batch}x{Height}x{Width}x{Channels} by {KernelHeight}x{KernelWidth}x{Channels}x{Filters}, "
        + $"stride {StrideHeight}x{StrideWidth}, {Padding}";
}
