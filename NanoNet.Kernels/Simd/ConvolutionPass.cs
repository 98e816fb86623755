namespace NanoNet.Kernels.Simd;

/// <summary>
/// One convolution over a batch of images, as both the forward pass and the input gradient need it: output (u, v) sees input
/// (u · StepRows + i − PadTop, v · StepColumns + j − PadLeft) through tap (i, j). Outputs may lie apart, to fill only every other pixel
/// of a larger image.
/// </summary>
internal unsafe struct ConvolutionPass
{
    /// <summary>The input images [Batch, Height, Width, Channels].</summary>
    public float* Input;

    public int Batch;
    public int Height;
    public int Width;
    public int Channels;

    /// <summary>Taps of the kernel.</summary>
    public int KernelRows;

    public int KernelColumns;

    /// <summary>Input pixels from one output to the next.</summary>
    public int StepRows;

    public int StepColumns;

    /// <summary>Where the first window starts before the image; negative if it starts inside.</summary>
    public int PadTop;

    public int PadLeft;

    /// <summary>The first output, and elements from an image, a row, a column of outputs to the next.</summary>
    public float* Output;

    public nint OutputImage;
    public nint OutputRow;
    public nint OutputColumn;

    /// <summary>Outputs of an image.</summary>
    public int Rows;

    public int Columns;

    /// <summary>Output channels.</summary>
    public int Filters;

    /// <summary>Bias, or null.</summary>
    public float* Bias;

    public bool Relu;

    /// <summary>
    /// Whether long sums are made in short parts, which loses less to rounding. Worth it on the way there: max-pooling and ReLU turn
    /// the smallest error of an activation near a tie into another path for its gradient.
    /// </summary>
    public bool InShortParts;

    /// <summary>The kernel in packed panels, by tap and input channel.</summary>
    public float* Panels;

    /// <summary>Length of the sums.</summary>
    public readonly int Depth => KernelRows * KernelColumns * Channels;

    /// <summary>Input columns under the kernel in one row of outputs.</summary>
    public readonly int WindowColumns => (Columns - 1) * StepColumns + KernelColumns;

    /// <summary>Input rows under the kernel in so many rows of outputs.</summary>
    public readonly int WindowRows(int rows) => (rows - 1) * StepRows + KernelRows;
}
