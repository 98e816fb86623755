using NanoNet.Kernels.Geometry;

namespace NanoNet.Kernels.Simd;

/// <summary>When Winograd's method is used, and how it cuts images into tiles.</summary>
/// <remarks>
/// Tiles are of 4x4 outputs, F(4x4, 3x3), but for those at the lower and the right border, which are cut for 3 or 2 outputs when no
/// more are left: 14 outputs take 4 + 4 + 4 + 2. A tile for fewer outputs has the same places, less some of them (one for each
/// output less), and the kernel's transform serves all sizes. So each of the 36 products runs over those tiles that have its place. They
/// are contiguous when the tiles of a batch are numbered by region: those at the right border, the inner ones, those at the lower
/// border, the corners.
/// </remarks>
internal readonly struct WinogradGrid
{
    /// <summary>Places of a transformed tile of full size.</summary>
    public const int Places = 36;

    private const int FullSize = 4;

    private readonly int _batch;
    private readonly int _down;
    private readonly int _across;
    private readonly int _lowerSize;
    private readonly int _rightSize;

    /// <summary>The tiles for a batch of images with so many rows and columns of outputs.</summary>
    public WinogradGrid(int batch, int rows, int columns)
    {
        _batch = batch;
        _down = rows / FullSize;
        _across = columns / FullSize;
        _lowerSize = BorderSize(rows);
        _rightSize = BorderSize(columns);
    }

    /// <summary>Tiles of an image.</summary>
    public int PerImage => (_down + Lower) * (_across + Right);

    /// <summary>Tiles of the batch.</summary>
    public int Count => _batch * PerImage;

    /// <summary>Products for an image, for each pair of an input and an output channel.</summary>
    public int Products => ProductsAlong(_down, _lowerSize) * ProductsAlong(_across, _rightSize);

    private int Lower => _lowerSize > 0 ? 1 : 0;

    private int Right => _rightSize > 0 ? 1 : 0;

    private int RightCount => _batch * _down * Right;

    private int InnerCount => _batch * _down * _across;

    private int LowerCount => _batch * Lower * _across;

    /// <summary>
    /// Whether a convolution is faster so. 3x3 with stride 1; whole vectors of channels, and 32 of them to pay for the transforms; half of
    /// the direct method's products at most; and 64 tiles, to pay for the transform of the kernel and to occupy more than one thread.
    /// </summary>
    public static bool Pays(in Conv2DGeometry geometry)
    {
        var grid = new WinogradGrid(geometry.Batch, geometry.OutputHeight, geometry.OutputWidth);
        return geometry is { KernelHeight: 3, KernelWidth: 3, StrideHeight: 1, StrideWidth: 1 }
            && geometry is { Channels: >= 32, Filters: >= 32 }
            && geometry.Channels % 16 == 0
            && geometry.Filters % 16 == 0
            && 2 * grid.Products <= 9 * geometry.OutputHeight * geometry.OutputWidth
            && grid.Count >= 64;
    }

    /// <summary>Whether a tile for so many outputs has a point of interpolation; they are 0, 1, −1, 2, −2, ∞ in this order.</summary>
    public static bool HasPoint(int size, int point) => point switch
    {
        3 => size >= 3,
        4 => size == FullSize,
        _ => true,
    };

    /// <summary>A tile by its number within the batch.</summary>
    public WinogradTile At(int tile)
    {
        if (tile < RightCount)
        {
            return new(tile / _down, FullSize * (tile % _down), FullSize * _across, FullSize, _rightSize);
        }

        tile -= RightCount;
        if (tile < InnerCount)
        {
            int line = tile / _across;
            return new(line / _down, FullSize * (line % _down), FullSize * (tile % _across), FullSize, FullSize);
        }

        tile -= InnerCount;
        if (tile < LowerCount)
        {
            return new(tile / _across, FullSize * _down, FullSize * (tile % _across), _lowerSize, FullSize);
        }

        return new(tile - LowerCount, FullSize * _down, FullSize * _across, _lowerSize, _rightSize);
    }

    /// <summary>The tiles that have a place.</summary>
    public (int First, int Count) TilesWith(int place)
    {
        bool lower = Lower == 0 || HasPoint(_lowerSize, place / 6);
        bool right = Right == 0 || HasPoint(_rightSize, place % 6);
        int first = right ? 0 : RightCount;
        int inner = RightCount + InnerCount;
        int end = !lower ? inner : !right ? inner + LowerCount : Count;
        return (first, end - first);
    }

    // A single output is cut for two.
    private static int BorderSize(int outputs) => (outputs % FullSize) switch
    {
        0 => 0,
        3 => 3,
        _ => 2,
    };

    private static int ProductsAlong(int full, int border) => full * (FullSize + 2) + (border > 0 ? border + 2 : 0);
}
