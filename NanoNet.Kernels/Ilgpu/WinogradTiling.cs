using NanoNet.Kernels.Geometry;

namespace NanoNet.Kernels.Ilgpu;

/// <summary>
/// How Winograd's method cuts an image [Height, Width] of outputs into tiles of 4 × 4, and where the 6 × 6 inputs of
/// each lie. Tiles at the lower and right border may reach beyond.
/// </summary>
internal readonly struct WinogradTiling
{
    /// <summary>Places of a transformed tile: a product each.</summary>
    public const int Places = 36;

    private const int Size = 4;

    // Fewer channels leave too little to multiply for what is moved, and the tiles of products half empty.
    private const int FewestChannels = 64;

    // Transformed tiles of half a gigabyte.
    private const long MostFloats = 1L << 27;

    private readonly FastDivisor _across;
    private readonly FastDivisor _down;

    /// <summary>The tiles of a convolution's outputs.</summary>
    public WinogradTiling(Conv2DGeometry geometry)
    {
        InputHeight = geometry.Height;
        InputWidth = geometry.Width;
        Height = geometry.OutputHeight;
        Width = geometry.OutputWidth;
        PadTop = geometry.PadTop;
        PadLeft = geometry.PadLeft;
        Down = (Height + Size - 1) / Size;
        Across = (Width + Size - 1) / Size;
        Count = geometry.Batch * Down * Across;
        _across = new FastDivisor(Across);
        _down = new FastDivisor(Down);
    }

    /// <summary>Rows of the input.</summary>
    public int InputHeight { get; }

    /// <summary>Columns of the input.</summary>
    public int InputWidth { get; }

    /// <summary>Rows of outputs.</summary>
    public int Height { get; }

    /// <summary>Columns of outputs.</summary>
    public int Width { get; }

    /// <summary>Rows of padding above the input.</summary>
    public int PadTop { get; }

    /// <summary>Columns of padding left of the input.</summary>
    public int PadLeft { get; }

    /// <summary>Tiles down an image.</summary>
    public int Down { get; }

    /// <summary>Tiles across an image.</summary>
    public int Across { get; }

    /// <summary>Tiles of all images.</summary>
    public int Count { get; }

    /// <summary>A tile's image, and its first row and column of outputs.</summary>
    public (int Image, int Row, int Column) At(int tile)
    {
        int line = _across.Divide(tile);
        int image = _down.Divide(line);
        return (image, (line - image * Down) * Size, (tile - line * Across) * Size);
    }

    /// <summary>
    /// Whether a convolution, or either of its gradients, is quicker so than as one product over its patches: by what
    /// each takes on the GPU in mind. Not measured.
    /// </summary>
    /// <remarks>
    /// <para>An H200 does 67 TFLOP/s, of which a product's loop reaches some 70 %: 23 multiply-adds a picosecond. It
    /// moves 4.8 TB/s: a float in the time of 20 multiply-adds (its second-level cache, which holds most of this at
    /// batch 32, is no slower). A launch within a graph is 2 µs, or 47 million multiply-adds.</para>
    /// <para>Directly, an output takes 9 multiply-adds a channel. By tiles 36 for 16 outputs; but transformed inputs,
    /// filters and products, 36 floats for each tile and channel or filter, are written and read once, and there are
    /// four launches where the direct product has two (it is cut along its depth, and summed). In millions of
    /// multiply-adds, for the layers of Model B:</para>
    /// <code>
    /// layer                       batch 32: direct   by tiles     batch 256: direct   by tiles
    /// 14 × 14,  64 to 128 filters          462        398                  3,700       2,450
    /// 14 × 14, 128 to 128                  925        608                  7,400       4,040
    ///  7 × 7,  128 to 256                  462        363                  3,700       1,920
    ///  7 × 7,  256 to 256                  925        585                  7,400       3,360
    /// </code>
    /// <para>A tenth is asked for, because the estimate is none of a measurement. A GPU with less bandwidth for its
    /// multiply-adds and a small cache gains less, and may lose on the first of these.</para>
    /// </remarks>
    public static bool Pays(in Conv2DGeometry geometry)
    {
        const double MultiplyAddsPerFloat = 20;
        const double MultiplyAddsPerLaunch = 47e6;
        const double Gain = 0.9;
        double tiles = new WinogradTiling(geometry).Count;
        double channels = geometry.Channels;
        double filters = geometry.Filters;
        double moved = 2 * Places * (tiles * (channels + filters) + channels * filters);
        double byTiles = Places * tiles * channels * filters
            + MultiplyAddsPerFloat * moved + 2 * MultiplyAddsPerLaunch;
        return CanDo(geometry)
            && Math.Min(channels, filters) >= FewestChannels
            && byTiles <= Gain * geometry.OutputPixels * geometry.PatchSize * filters;
    }

    /// <summary>Whether the method is for such a convolution at all, and has room for its tiles.</summary>
    public static bool CanDo(in Conv2DGeometry geometry)
    {
        long ofPlace = (long)new WinogradTiling(geometry).Count * Math.Max(geometry.Channels, geometry.Filters);
        return geometry is { KernelHeight: 3, KernelWidth: 3, StrideHeight: 1, StrideWidth: 1 }
            && Places * ofPlace <= MostFloats;
    }
}
