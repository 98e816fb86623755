namespace NanoNet.Kernels.Geometry;

/// <summary>
/// The sizes of a 2-D convolution, computed once: x [Batch, Height, Width, Channels], filter [KernelHeight, KernelWidth, Channels,
/// Filters], y [Batch, OutputHeight, OutputWidth, Filters].
/// </summary>
/// <remarks>y(p, q) sees x(p · StrideHeight + i − PadTop, q · StrideWidth + j − PadLeft) through filter(i, j); outside is zero.</remarks>
public readonly record struct Conv2DGeometry(
    int Batch, int Height, int Width, int Channels, int Filters,
    int KernelHeight, int KernelWidth, int StrideHeight, int StrideWidth,
    int PadTop, int PadLeft, int OutputHeight, int OutputWidth)
{
    /// <summary>Computes output size and padding.</summary>
    public static Conv2DGeometry Create(
        int batch, int height, int width, int channels, int filters,
        int kernelHeight, int kernelWidth, int strideHeight, int strideWidth, Padding padding)
    {
        var (outputHeight, padTop) = WindowGeometry.Along(height, kernelHeight, strideHeight, padding);
        var (outputWidth, padLeft) = WindowGeometry.Along(width, kernelWidth, strideWidth, padding);
        return new(batch, height, width, channels, filters, kernelHeight, kernelWidth, strideHeight, strideWidth,
            padTop, padLeft, outputHeight, outputWidth);
    }

    /// <summary>Elements of x.</summary>
    public int InputCount => Batch * Height * Width * Channels;

    /// <summary>Elements of y.</summary>
    public int OutputCount => OutputPixels * Filters;

    /// <summary>Pixels of y over the whole batch: rows of the equivalent matrix product.</summary>
    public int OutputPixels => Batch * OutputHeight * OutputWidth;

    /// <summary>Elements of the filter of one output channel: the depth of the equivalent matrix product.</summary>
    public int PatchSize => KernelHeight * KernelWidth * Channels;

    /// <summary>Elements of the filter.</summary>
    public int FilterCount => PatchSize * Filters;
}
