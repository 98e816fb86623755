namespace NanoNet.Kernels.Geometry;

/// <summary>
/// The sizes of a 2-D pooling, computed once: x [Batch, Height, Width, Channels], y [Batch, OutputHeight, OutputWidth, Channels].
/// </summary>
public readonly record struct Pool2DGeometry(
    int Batch, int Height, int Width, int Channels,
    int PoolHeight, int PoolWidth, int StrideHeight, int StrideWidth,
    int PadTop, int PadLeft, int OutputHeight, int OutputWidth)
{
    /// <summary>Computes output size and padding.</summary>
    public static Pool2DGeometry Create(
        int batch, int height, int width, int channels,
        int poolHeight, int poolWidth, int strideHeight, int strideWidth, Padding padding)
    {
        var (outputHeight, padTop) = WindowGeometry.Along(height, poolHeight, strideHeight, padding);
        var (outputWidth, padLeft) = WindowGeometry.Along(width, poolWidth, strideWidth, padding);
        return new(batch, height, width, channels, poolHeight, poolWidth, strideHeight, strideWidth,
            padTop, padLeft, outputHeight, outputWidth);
    }

    /// <summary>Elements of x.</summary>
    public int InputCount => Batch * Height * Width * Channels;

    /// <summary>Elements of y.</summary>
    public int OutputCount => Batch * OutputHeight * OutputWidth * Channels;
}
