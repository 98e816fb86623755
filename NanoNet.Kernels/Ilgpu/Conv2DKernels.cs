using NanoNet.Kernels.Geometry;

namespace NanoNet.Kernels.Ilgpu;

/// <summary>
/// Convolutions as tiled products whose operands are read from images in place (implicit GEMM). With n the images, (p,
/// q) an output pixel, (h, w) an input pixel, (i, j) a tap of the filter, c a channel and f a filter:
/// <code>
/// forward          y[(n,p,q), f]        = Σ x[n, p·s+i−pad, q·s+j−pad, c] · filter[(i,j,c), f]     over (i,j,c)
/// input gradient   dx[(n,h,w), c]       = Σ dy[n, (h+pad−i)/s, (w+pad−j)/s, f] · filter[(i,j,c), f] over (i,j,f)
/// filter gradient  dfilter[(i,j,c), f]  = Σ x[n, p·s+i−pad, q·s+j−pad, c] · dy[(n,p,q), f]          over (n,p,q)
/// </code>
/// The input gradient runs through the taps from the last to the first. At stride 1 it is then a convolution of dy, with
/// what padding lacked of a full overlap.
/// </summary>
/// <param name="products">The products.</param>
/// <param name="winograd">Winograd's method.</param>
/// <param name="exact">Whether convolutions are products in any case.</param>
internal sealed class Conv2DKernels(ProductKernels products, WinogradKernels winograd, bool exact)
{
    /// <summary>
    /// Whether Winograd's method is used wherever it can be, or nowhere, and not where it pays: tests try both.
    /// </summary>
    public bool? ForcedWinograd { get; set; }

    /// <summary>The input seen by each output pixel: [(n,p,q), (i,j,c)].</summary>
    internal readonly struct Patches(Conv2DGeometry geometry) : IOperand
    {
        private readonly FastDivisor _outputWidth = new(geometry.OutputWidth);
        private readonly FastDivisor _outputHeight = new(geometry.OutputHeight);
        private readonly FastDivisor _kernelWidth = new(geometry.KernelWidth);
        private readonly FastDivisor _channels = new(geometry.Channels);
        private readonly int _height = geometry.Height;
        private readonly int _width = geometry.Width;
        private readonly int _channelCount = geometry.Channels;
        private readonly int _strideHeight = geometry.StrideHeight;
        private readonly int _strideWidth = geometry.StrideWidth;
        private readonly int _padTop = geometry.PadTop;
        private readonly int _padLeft = geometry.PadLeft;
        private readonly int _rowSize = geometry.Width * geometry.Channels;

        // What is left after a division is one multiply-add if the divisor is kept negative.
        private readonly int _backALine = -geometry.OutputWidth;
        private readonly int _backAnImage = -geometry.OutputHeight;
        private readonly int _backARow = -geometry.KernelWidth;

        // From the last tap of a filter's row to the first of the next, less one tap.
        private readonly int _rowGap = (geometry.Width - geometry.KernelWidth) * geometry.Channels;

        /// <inheritdoc/>
        public static bool DepthIsContiguous => true;

        /// <inheritdoc/>
        public static bool HasOutside => true;

        /// <inheritdoc/>
        public int Run => _channelCount;

        /// <inheritdoc/>
        public Place Outer(int index)
        {
            int line = _outputWidth.Divide(index);
            int image = _outputHeight.Divide(line);
            int h = (line + image * _backAnImage) * _strideHeight - _padTop;
            int w = (index + line * _backALine) * _strideWidth - _padLeft;
            return new((image * _height + h) * _rowSize + w * _channelCount, h, w);
        }

        /// <inheritdoc/>
        public Place Depth(int index)
        {
            int tap = _channels.Divide(index);
            int i = _kernelWidth.Divide(tap);
            return new(index + i * _rowGap, i, tap + i * _backARow);
        }

        /// <inheritdoc/>
        public int Find(Place outer, Place depth) => outer.Offset + depth.Offset;

        /// <inheritdoc/>
        public bool IsInside(Place outer, Place depth) =>
            (uint)(outer.Y + depth.Y) < (uint)_height & (uint)(outer.X + depth.X) < (uint)_width;
    }

    /// <summary>
    /// The output gradients that each input pixel took part in, at any stride, taps from the last: [(n,h,w), (i,j,f)].
    /// </summary>
    internal readonly struct GradientPatches(Conv2DGeometry geometry) : IOperand
    {
        private readonly Conv2DGeometry _geometry = geometry;
        private readonly FastDivisor _width = new(geometry.Width);
        private readonly FastDivisor _height = new(geometry.Height);
        private readonly FastDivisor _kernelWidth = new(geometry.KernelWidth);
        private readonly FastDivisor _filters = new(geometry.Filters);
        private readonly FastDivisor _strideHeight = new(geometry.StrideHeight);
        private readonly FastDivisor _strideWidth = new(geometry.StrideWidth);
        private readonly int _backATap = -geometry.Filters;
        private readonly int _backARow = -geometry.KernelWidth;

        /// <inheritdoc/>
        public static bool DepthIsContiguous => true;

        /// <inheritdoc/>
        public static bool HasOutside => true;

        /// <inheritdoc/>
        public int Run => _geometry.Filters;

        /// <inheritdoc/>
        public Place Outer(int index)
        {
            int line = _width.Divide(index);
            int image = _height.Divide(line);
            int top = line - image * _geometry.Height + _geometry.PadTop - (_geometry.KernelHeight - 1);
            int left = index - line * _geometry.Width + _geometry.PadLeft - (_geometry.KernelWidth - 1);
            return new(image * _geometry.OutputHeight * _geometry.OutputWidth * _geometry.Filters, top, left);
        }

        /// <inheritdoc/>
        public Place Depth(int index)
        {
            int tap = _filters.Divide(index);
            int i = _kernelWidth.Divide(tap);
            return new(index + tap * _backATap, i, tap + i * _backARow);
        }

        /// <inheritdoc/>
        public int Find(Place outer, Place depth)
        {
            int p = _strideHeight.Divide(outer.Y + depth.Y);
            int q = _strideWidth.Divide(outer.X + depth.X);
            return outer.Offset + (p * _geometry.OutputWidth + q) * _geometry.Filters + depth.Offset;
        }

        /// <inheritdoc/>
        /// <remarks>
        /// The window that put a tap on this pixel starts a whole number of strides from the border, or does not exist.
        /// One that would start before the border is, by its unsigned number, far behind the last.
        /// </remarks>
        public bool IsInside(Place outer, Place depth)
        {
            int top = outer.Y + depth.Y;
            int left = outer.X + depth.X;
            int p = _strideHeight.Divide(top);
            int q = _strideWidth.Divide(left);
            return p * _geometry.StrideHeight == top & (uint)p < (uint)_geometry.OutputHeight
                & q * _geometry.StrideWidth == left & (uint)q < (uint)_geometry.OutputWidth;
        }
    }

    /// <summary>The filter by channels, taps from the last: [c, (i,j,f)].</summary>
    internal readonly struct FilterByChannel(Conv2DGeometry geometry) : IOperand
    {
        private readonly FastDivisor _filters = new(geometry.Filters);
        private readonly int _filterCount = geometry.Filters;
        private readonly int _lastTap =
            (geometry.KernelHeight * geometry.KernelWidth - 1) * geometry.Channels * geometry.Filters;

        // Forward by a tap's filters, back by a whole tap.
        private readonly int _tapGap = -(geometry.Channels + 1) * geometry.Filters;

        /// <inheritdoc/>
        public static bool DepthIsContiguous => true;

        /// <inheritdoc/>
        public static bool HasOutside => false;

        /// <inheritdoc/>
        public int Run => _filterCount;

        /// <inheritdoc/>
        public Place Outer(int index) => new(_lastTap + index * _filterCount);

        /// <inheritdoc/>
        public Place Depth(int index) => new(index + _filters.Divide(index) * _tapGap);

        /// <inheritdoc/>
        public int Find(Place outer, Place depth) => outer.Offset + depth.Offset;

        /// <inheritdoc/>
        public bool IsInside(Place outer, Place depth) => true;
    }

    /// <summary>y = act(x ⋆ filter + bias).</summary>
    public void Forward(
        IlgpuBuffer y, IlgpuBuffer x, IlgpuBuffer filter, IlgpuBuffer? bias,
        Conv2DGeometry geometry, Activation activation)
    {
        if (IsByTiles(geometry))
        {
            winograd.Forward(y, x, filter, bias, geometry, activation);
            return;
        }

        products.Multiply(
            y, x, filter, bias,
            new Patches(geometry),
            new Transposed<MatMulKernels.Matrix>(new MatMulKernels.Matrix(geometry.Filters)),
            geometry.OutputPixels, geometry.Filters, geometry.PatchSize, activation, TileSize.Medium);
    }

    /// <summary>The gradient for the input; with a mask times scale where that is positive, else zero.</summary>
    public void InputGradient(
        IlgpuBuffer dx, IlgpuBuffer dy, IlgpuBuffer filter, Conv2DGeometry geometry,
        IlgpuBuffer? mask = null, float scale = 1)
    {
        if (IsByTiles(OfGradient(geometry)))
        {
            winograd.InputGradient(dx, dy, filter, geometry, mask, scale);
        }
        else if (geometry is { StrideHeight: 1, StrideWidth: 1 })
        {
            Multiply(new Patches(OfGradient(geometry)), TileSize.Large);
        }
        else
        {
            Multiply(new GradientPatches(geometry), TileSize.Medium);
        }

        void Multiply<TPatches>(TPatches patches, TileSize most) where TPatches : struct, IOperand => products.Multiply(
            dx, dy, filter, null, patches, new FilterByChannel(geometry),
            geometry.Batch * geometry.Height * geometry.Width, geometry.Channels,
            geometry.KernelHeight * geometry.KernelWidth * geometry.Filters, Activation.None, TileSize.Medium, most,
            mask, scale);
    }

    /// <summary>The gradient for the filter.</summary>
    public void FilterGradient(IlgpuBuffer dfilter, IlgpuBuffer x, IlgpuBuffer dy, Conv2DGeometry geometry)
    {
        if (IsByTiles(geometry))
        {
            winograd.FilterGradient(dfilter, x, dy, geometry);
            return;
        }

        products.Multiply(
            dfilter, x, dy, null,
            new Transposed<Patches>(new Patches(geometry)),
            new Transposed<MatMulKernels.Matrix>(new MatMulKernels.Matrix(geometry.Filters)),
            geometry.PatchSize, geometry.Filters, geometry.OutputPixels, Activation.None, TileSize.Medium);
    }

    /// <summary>
    /// Whether a convolution is computed by Winograd's method; tensor cores multiply quicker than it saves.
    /// </summary>
    internal bool IsByTiles(Conv2DGeometry geometry) => !exact && products.Tensor is null
        && (ForcedWinograd is { } forced ? forced && WinogradTiling.CanDo(geometry) : WinogradTiling.Pays(geometry));

    /// <summary>The convolution of dy that the input gradient is at stride 1.</summary>
    internal static Conv2DGeometry OfGradient(Conv2DGeometry geometry) => geometry with
    {
        Height = geometry.OutputHeight,
        Width = geometry.OutputWidth,
        Channels = geometry.Filters,
        Filters = geometry.Channels,
        PadTop = geometry.KernelHeight - 1 - geometry.PadTop,
        PadLeft = geometry.KernelWidth - 1 - geometry.PadLeft,
        OutputHeight = geometry.Height,
        OutputWidth = geometry.Width,
    };
}
