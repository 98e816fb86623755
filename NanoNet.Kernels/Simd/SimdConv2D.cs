using NanoNet.Kernels.Geometry;

namespace NanoNet.Kernels.Simd;

/// <summary>Convolutions of any geometry as products that read the images in place of a patch matrix.</summary>
/// <remarks>
/// A row of a patch is one stretch of memory in NHWC, and from one output to the next all of it moves by the same distance. So the
/// product's tile runs through the image itself, stretch by stretch, once a window has been copied with its zero padding.
/// Every input pixel is copied once instead of once for each tap.
/// </remarks>
internal static unsafe partial class SimdConv2D<TLanes, TVector>
    where TLanes : struct, ILanes<TVector>
    where TVector : unmanaged
{
    /// <summary>Multiply-adds of a piece: some tens of microseconds.</summary>
    private const int WorkOfPiece = 1 << 20;

    private static int TileColumns => ProductTile<TLanes, TVector>.Columns;

    /// <summary>y = x ⋆ filter, plus bias (null for none), rectified if asked for.</summary>
    public static void Forward(
        WorkerTeam team, Scratch scratch, float* y, float* x, float* filter, float* bias, Conv2DGeometry geometry, bool relu,
        bool winograd) =>
        Run(team, scratch, ForwardPass(y, x, filter, bias, geometry, relu), winograd);

    /// <summary>The same by Winograd's method, with a kernel transformed before by <see cref="TransformKernel"/>.</summary>
    public static void ForwardTransformed(
        WorkerTeam team, Scratch scratch, float* y, float* x, float* transformed, float* bias, Conv2DGeometry geometry, bool relu) =>
        SimdWinograd<TLanes, TVector>.Run(team, scratch, ForwardPass(y, x, null, bias, geometry, relu), transformed);

    /// <summary>Floats of a transformed kernel.</summary>
    public static long TransformedKernel(Conv2DGeometry geometry) =>
        SimdWinograd<TLanes, TVector>.TransformedKernel(ForwardPass(null, null, null, null, geometry, false).Pass);

    /// <summary>Transforms a kernel for Winograd's method.</summary>
    public static void TransformKernel(WorkerTeam team, Scratch scratch, float* transformed, float* filter, Conv2DGeometry geometry) =>
        SimdWinograd<TLanes, TVector>.TransformKernel(
            team, scratch, ForwardPass(null, null, filter, null, geometry, false), transformed);

    private static PackKernelJob<TLanes, TVector> ForwardPass(
        float* y, float* x, float* filter, float* bias, Conv2DGeometry geometry, bool relu)
    {
        var g = geometry;
        var pass = new ConvolutionPass
        {
            Input = x,
            Batch = g.Batch,
            Height = g.Height,
            Width = g.Width,
            Channels = g.Channels,
            KernelRows = g.KernelHeight,
            KernelColumns = g.KernelWidth,
            StepRows = g.StrideHeight,
            StepColumns = g.StrideWidth,
            PadTop = g.PadTop,
            PadLeft = g.PadLeft,
            Output = y,
            OutputImage = (nint)g.OutputHeight * g.OutputWidth * g.Filters,
            OutputRow = (nint)g.OutputWidth * g.Filters,
            OutputColumn = g.Filters,
            Rows = g.OutputHeight,
            Columns = g.OutputWidth,
            Filters = g.Filters,
            Bias = bias,
            Relu = relu,
            InShortParts = true,
        };
        return new PackKernelJob<TLanes, TVector> { Pass = pass, Kernel = filter };
    }

    /// <summary>dx from dy: a convolution of dy with the kernel turned round, its input and output channels exchanged.</summary>
    /// <remarks>
    /// With strides, pixels of dx fall into classes that see different taps: those i with (row + PadTop − i) divisible by the stride.
    /// Each class is a convolution with step 1 of its own.
    /// </remarks>
    public static void InputGradient(
        WorkerTeam team, Scratch scratch, float* dx, float* dy, float* filter, Conv2DGeometry geometry, bool winograd)
    {
        for (int phaseRow = 0; phaseRow < geometry.StrideHeight; phaseRow++)
        {
            for (int phaseColumn = 0; phaseColumn < geometry.StrideWidth; phaseColumn++)
            {
                InputGradient(team, scratch, dx, dy, filter, geometry, phaseRow, phaseColumn, winograd);
            }
        }
    }

    private static void InputGradient(
        WorkerTeam team, Scratch scratch, float* dx, float* dy, float* filter, Conv2DGeometry geometry, int phaseRow, int phaseColumn,
        bool winograd)
    {
        var g = geometry;
        var vertical = new GradientPhase(g.Height, g.KernelHeight, g.StrideHeight, g.PadTop, phaseRow);
        var horizontal = new GradientPhase(g.Width, g.KernelWidth, g.StrideWidth, g.PadLeft, phaseColumn);
        if (vertical.Count == 0 || horizontal.Count == 0)
        {
            return;
        }

        // A class that no tap reaches gets an empty sum: zeros.
        bool empty = vertical.Taps == 0 || horizontal.Taps == 0;
        var pass = new ConvolutionPass
        {
            Input = dy,
            Batch = g.Batch,
            Height = g.OutputHeight,
            Width = g.OutputWidth,
            Channels = g.Filters,
            KernelRows = empty ? 0 : vertical.Taps,
            KernelColumns = empty ? 0 : horizontal.Taps,
            StepRows = 1,
            StepColumns = 1,
            PadTop = vertical.Pad,
            PadLeft = horizontal.Pad,
            Output = dx + ((nint)vertical.First * g.Width + horizontal.First) * g.Channels,
            OutputImage = (nint)g.Height * g.Width * g.Channels,
            OutputRow = (nint)g.StrideHeight * g.Width * g.Channels,
            OutputColumn = (nint)g.StrideWidth * g.Channels,
            Rows = vertical.Count,
            Columns = horizontal.Count,
            Filters = g.Channels,
        };
        var pack = new PackKernelJob<TLanes, TVector>
        {
            Pass = pass,
            Kernel = filter,
            Turned = true,
            KernelWidth = g.KernelWidth,
            FirstRow = phaseRow,
            FirstColumn = phaseColumn,
            StrideRows = g.StrideHeight,
            StrideColumns = g.StrideWidth,
        };
        Run(team, scratch, pack, winograd);
    }

    private static void Run(WorkerTeam team, Scratch scratch, PackKernelJob<TLanes, TVector> pack, bool winograd)
    {
        if (winograd)
        {
            SimdWinograd<TLanes, TVector>.Run(team, scratch, pack, null);
        }
        else
        {
            Run(team, scratch, pack);
        }
    }
}
