using Floats = ILGPU.ArrayView<float>;

namespace NanoNet.Kernels.Ilgpu;

/// <summary>A tile's pixels in images [lines, width, channels] of one channel.</summary>
/// <param name="firstLine">The image's first line among those of all images.</param>
/// <param name="row">The tile's first row in the image; negative in the padding.</param>
/// <param name="column">The tile's first column.</param>
/// <param name="height">Rows of the image.</param>
/// <param name="width">Columns of the image.</param>
/// <param name="channels">Channels of the image.</param>
/// <param name="channel">The channel.</param>
internal readonly struct TilePixels(
    int firstLine, int row, int column, int height, int width, int channels, int channel)
{
    /// <summary>The channel.</summary>
    public int Channel { get; } = channel;

    /// <summary>Whether a pixel of the tile is in the image.</summary>
    public bool IsInside(int i, int j) => (uint)(row + i) < (uint)height & (uint)(column + j) < (uint)width;

    /// <summary>Where it is in memory.</summary>
    public int Find(int i, int j) => ((firstLine + row + i) * width + column + j) * channels + Channel;

    /// <summary>Six pixels of one of the tile's lines; outside the image zeros.</summary>
    public Six Six(Floats x, int i) => new(
        Load(x, i, 0), Load(x, i, 1), Load(x, i, 2), Load(x, i, 3), Load(x, i, 4), Load(x, i, 5));

    /// <summary>Four of them.</summary>
    public Float4 Four(Floats x, int i) => new(Load(x, i, 0), Load(x, i, 1), Load(x, i, 2), Load(x, i, 3));

    private float Load(Floats x, int i, int j) => IsInside(i, j) ? x[Find(i, j)] : 0;
}
