using NanoNet.Kernels.Geometry;

namespace NanoNet.Tests.Kernels.Cases;

/// <summary>The sizes of a pooling under test.</summary>
internal sealed record PoolShape(
    int Batch, int Height, int Width, int Channels, int PoolHeight, int PoolWidth, int StrideHeight, int StrideWidth, Padding Padding)
{
    private const Padding Same = Padding.Same;
    private const Padding Valid = Padding.Valid;

    /// <summary>Windows side by side, overlapping, and with gaps; with and without padding.</summary>
    public static IReadOnlyList<PoolShape> All { get; } =
    [
        new(1, 1, 1, 1, 1, 1, 1, 1, Valid),
        new(3, 2, 2, 17, 2, 2, 2, 2, Valid),
        new(1, 7, 7, 3, 2, 2, 2, 2, Valid),
        new(3, 7, 7, 64, 2, 2, 2, 2, Valid),
        new(2, 14, 14, 33, 2, 2, 2, 2, Valid),
        new(1, 28, 28, 64, 2, 2, 2, 2, Valid),
        new(3, 7, 9, 17, 2, 2, 2, 2, Same),
        new(1, 8, 9, 3, 3, 3, 2, 2, Valid),
        new(3, 7, 8, 17, 3, 3, 2, 2, Same),
        new(1, 6, 7, 1, 3, 3, 1, 1, Same),
        new(2, 5, 9, 65, 3, 2, 1, 3, Valid),
        new(2, 5, 6, 4, 3, 2, 2, 1, Same),
        new(2, 9, 10, 7, 2, 2, 3, 3, Valid),
        new(2, 9, 10, 7, 2, 2, 3, 3, Same),
        new(1, 5, 4, 31, 5, 5, 1, 1, Same),
        new(1, 3, 2, 129, 1, 2, 1, 1, Valid),
        new(33, 4, 4, 3, 2, 2, 2, 2, Valid),
    ];

    public Pool2DGeometry Geometry =>
        Pool2DGeometry.Create(Batch, Height, Width, Channels, PoolHeight, PoolWidth, StrideHeight, StrideWidth, Padding);

    public int[] Input => [Batch, Height, Width, Channels];

    public int[] Output => [Batch, Geometry.OutputHeight, Geometry.OutputWidth, Channels];

    public long Cost => (long)Geometry.OutputCount * PoolHeight * PoolWidth;

    public override string ToString() =>
        $"{Batch}x{Height}x{Width}x{Channels} by {PoolHeight}x{PoolWidth}, stride {StrideHeight}x{StrideWidth}, {Padding}";
}
