using NanoNet.Kernels.Geometry;

namespace NanoNet.Kernels.Simd;

/// <summary>When Winograd's F(4x4, 3x3) is used, and how it cuts images into tiles of 4x4 outputs.</summary>
internal readonly struct WinogradGrid(int batch, int rows, int columns)
{
    /// <summary>Places of a transformed tile.</summary>
    public const int Places = 36;

    /// <summary>Tiles from left to right.</summary>
    public int Across { get; } = (columns + 3) / 4;

    /// <summary>Tiles of an image.</summary>
    public int PerImage { get; } = (rows + 3) / 4 * ((columns + 3) / 4);

    /// <summary>Tiles of the batch.</summary>
    public int Count { get; } = batch * ((rows + 3) / 4) * ((columns + 3) / 4);

    /// <summary>
    /// Whether a convolution is faster so. 3x3 with stride 1; whole vectors of channels, and 32 of them to pay for the transforms; tiles
    /// that are half full at least, for a tile costs the products of four outputs done directly; and 64 tiles, to pay for the
    /// transform of the kernel and to occupy more than one thread.
    /// </summary>
    public static bool Pays(in Conv2DGeometry geometry)
    {
        var grid = new WinogradGrid(geometry.Batch, geometry.OutputHeight, geometry.OutputWidth);
        return geometry is { KernelHeight: 3, KernelWidth: 3, StrideHeight: 1, StrideWidth: 1 }
            && geometry is { Channels: >= 32, Filters: >= 32 }
            && geometry.Channels % 16 == 0
            && geometry.Filters % 16 == 0
            && geometry.OutputHeight * geometry.OutputWidth >= 8 * grid.PerImage
            && grid.Count >= 64;
    }

    /// <summary>Where a tile lies: its image, and its first output.</summary>
    public (int Image, int Row, int Column) At(int tile)
    {
        int image = tile / PerImage;
        int within = tile - image * PerImage;
        int down = within / Across;
        return (image, 4 * down, 4 * (within - down * Across));
    }
}
