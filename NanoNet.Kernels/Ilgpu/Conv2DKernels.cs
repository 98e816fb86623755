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
        // Offsets count from the pixel that the padding starts with, three multiply-adds of what divisions leave.
        private readonly int _before = (geometry.PadTop * geometry.Width + geometry.PadLeft) * geometry.Channels;
        private readonly int _imageStep =
            (geometry.Height - geometry.OutputHeight * geometry.StrideHeight) * geometry.Width * geometry.Channels;
        private readonly int _lineStep =
            (geometry.StrideHeight * geometry.Width - geometry.OutputWidth * geometry.StrideWidth) * geometry.Channels;
        private readonly int _pixelStep = geometry.StrideWidth * geometry.Channels;

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
            return new(image * _imageStep + line * _lineStep + index * _pixelStep, h, w);
        }

        /// <inheritdoc/>
        public Place Depth(int index)
        {
            int tap = _channels.Divide(index);
            int i = _kernelWidth.Divide(tap);
            return new(index + i * _rowGap, i, tap + i * _backARow);
        }

        /// <inheritdoc/>
        public int Before => _before;

        /// <inheritdoc/>
        public int DepthBias => 0;

        /// <inheritdoc/>
        public int Find(Place outer, Place depth) => outer.Offset + depth.Offset - _before;

        /// <inheritdoc/>
        public bool IsInside(Place outer, Place depth) =>
            (uint)(outer.Y + depth.Y) < (uint)_height & (uint)(outer.X + depth.X) < (uint)_width;
    }

    /// <summary>
    /// The output gradients that each input pixel took part in, at any stride, taps from the last: [(n,h,w), (i,j,f)].
    /// </summary>
    /// <remarks>
    /// <para>The window that put tap i on a pixel starts at line t + i, with t the pixel's line less what lies before,
    /// and exists if that is a multiple p of the stride s within the output. With t = s · ⌈t / s⌉ − r and
    /// i = s · ⌊i / s⌋ + r' it is one where r = r', and then p = ⌈t / s⌉ + ⌊i / s⌋: a sum of what is known of the
    /// pixel and of the tap, as in any other operand.</para>
    /// <para>So that one comparison tells both, positions are numbered ⌈t / s⌉ − r · a and ⌊i / s⌋ + r' · a, with a
    /// apart so far that where r ≠ r' the sum is outside.</para>
    /// </remarks>
    internal readonly struct GradientPatches(Conv2DGeometry geometry) : IOperand
    {
        private readonly FastDivisor _width = new(geometry.Width);
        private readonly FastDivisor _height = new(geometry.Height);
        private readonly FastDivisor _kernelWidth = new(geometry.KernelWidth);
        private readonly FastDivisor _filters = new(geometry.Filters);
        private readonly Strides _down = new(
            geometry.StrideHeight, geometry.KernelHeight, geometry.PadTop, geometry.Height, geometry.OutputHeight);
        private readonly Strides _across = new(
            geometry.StrideWidth, geometry.KernelWidth, geometry.PadLeft, geometry.Width, geometry.OutputWidth);
        private readonly int _backALine = -geometry.Width;
        private readonly int _backAnImage = -geometry.Height;
        private readonly int _backARow = -geometry.KernelWidth;
        private readonly int _backATap = -geometry.Filters;
        private readonly int _filterCount = geometry.Filters;
        private readonly int _rowSize = geometry.OutputWidth * geometry.Filters;
        private readonly int _imageSize = geometry.OutputHeight * geometry.OutputWidth * geometry.Filters;

        // Windows may start as many strides before the border as a kernel is large: offsets count from there.
        private readonly int _before =
            (geometry.KernelHeight * geometry.OutputWidth + geometry.KernelWidth) * geometry.Filters;

        /// <inheritdoc/>
        public static bool DepthIsContiguous => true;

        /// <inheritdoc/>
        public static bool HasOutside => true;

        /// <inheritdoc/>
        public int Run => _filterCount;

        /// <inheritdoc/>
        public Place Outer(int index)
        {
            int line = _width.Divide(index);
            int image = _height.Divide(line);
            int h = line + image * _backAnImage;
            int w = index + line * _backALine;
            int p = _down.OfPixel(h);
            int q = _across.OfPixel(w);
            return new(
                image * _imageSize + p * _rowSize + q * _filterCount + _before,
                _down.NumberOfPixel(h, p), _across.NumberOfPixel(w, q));
        }

        /// <inheritdoc/>
        public Place Depth(int index)
        {
            int tap = _filters.Divide(index);
            int i = _kernelWidth.Divide(tap);
            int j = tap + i * _backARow;
            int p = _down.OfTap(i);
            int q = _across.OfTap(j);
            return new(
                index + tap * _backATap + p * _rowSize + q * _filterCount,
                _down.NumberOfTap(i, p), _across.NumberOfTap(j, q));
        }

        /// <inheritdoc/>
        public int Before => _before;

        /// <inheritdoc/>
        public int DepthBias => 0;

        /// <inheritdoc/>
        public int Find(Place outer, Place depth) => outer.Offset + depth.Offset - _before;

        /// <inheritdoc/>
        public bool IsInside(Place outer, Place depth) =>
            (uint)(outer.Y + depth.Y) < (uint)_down.Outputs & (uint)(outer.X + depth.X) < (uint)_across.Outputs;

        /// <summary>One axis: windows in places of pixels and taps, numbered as above.</summary>
        private readonly struct Strides(int stride, int kernel, int pad, int size, int outputs)
        {
            private readonly FastDivisor _stride = new(stride);
            private readonly int _strideSize = stride;

            // A kernel's size in strides is added before a division, and taken away again: no number is negative.
            private readonly int _kernel = kernel;
            private readonly int _first = pad - (kernel - 1) + kernel * stride;
            private readonly int _apart = Apart(kernel, pad, size, outputs);
            private readonly int _back = 1 - stride * Apart(kernel, pad, size, outputs);

            public int Outputs { get; } = outputs;

            public int OfPixel(int pixel) => _stride.Divide(pixel + _first + _strideSize - 1) - _kernel;

            public int NumberOfPixel(int pixel, int window) =>
                window - ((window + _kernel) * _strideSize - (pixel + _first)) * _apart;

            public int OfTap(int tap) => _stride.Divide(tap);

            public int NumberOfTap(int tap, int window) => tap * _apart + window * _back;

            // Sums of windows are from −kernel to size + pad + kernel.
            private static int Apart(int kernel, int pad, int size, int outputs) =>
                size + pad + 2 * kernel + 1 + outputs;
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
        public int Before => 0;

        /// <inheritdoc/>
        public int DepthBias => _lastTap;

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
