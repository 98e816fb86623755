using NanoNet.Kernels.Geometry;
using Floats = ILGPU.ArrayView<float>;

namespace NanoNet.Kernels.Ilgpu;

/// <summary>
/// Convolutions as tiled products whose operands are read from images in place (implicit GEMM). With n the images, (p,
/// q) an output pixel, (h, w) an input pixel, (i, j) a tap of the filter, c a channel and f a filter:
/// <code>
/// forward          y[(n,p,q), f]        = Σ x[n, p·s+i−pad, q·s+j−pad, c] · filter[(i,j,c), f]     over (i,j,c)
/// input gradient   dx[(n,h,w), c]       = Σ dy[n, (h+pad−i)/s, (w+pad−j)/s, f] · filter[(i,j,c), f] over (i,j,f)
/// filter gradient  dfilter[(i,j,c), f]  = Σ x[n, p·s+i−pad, q·s+j−pad, c] · dy[(n,p,q), f]          over (n,p,q)
/// </code>
/// </summary>
internal sealed class Conv2DKernels(ProductKernels products)
{
    // So far outside that no tap leads back inside, and two of it added do not wrap around to a position inside.
    private const int Outside = int.MinValue / 2;

    /// <summary>The input seen by each output pixel: [(n,p,q), (i,j,c)].</summary>
    internal readonly struct Patches(Conv2DGeometry geometry) : IOperand
    {
        private readonly Conv2DGeometry _geometry = geometry;
        private readonly FastDivisor _outputWidth = new(geometry.OutputWidth);
        private readonly FastDivisor _outputHeight = new(geometry.OutputHeight);
        private readonly FastDivisor _kernelWidth = new(geometry.KernelWidth);
        private readonly FastDivisor _channels = new(geometry.Channels);

        /// <inheritdoc/>
        public static bool DepthIsContiguous => true;

        /// <inheritdoc/>
        public Place Outer(int index)
        {
            int line = _outputWidth.Divide(index);
            int image = _outputHeight.Divide(line);
            int p = line - image * _geometry.OutputHeight;
            int q = index - line * _geometry.OutputWidth;
            return new(
                image * _geometry.Height * _geometry.Width * _geometry.Channels,
                index < _geometry.OutputPixels ? p * _geometry.StrideHeight - _geometry.PadTop : Outside,
                q * _geometry.StrideWidth - _geometry.PadLeft);
        }

        /// <inheritdoc/>
        public Place Depth(int index)
        {
            int tap = _channels.Divide(index);
            int i = _kernelWidth.Divide(tap);
            return new(
                index - tap * _geometry.Channels,
                index < _geometry.PatchSize ? i : Outside,
                tap - i * _geometry.KernelWidth);
        }

        /// <inheritdoc/>
        public float Load(Floats source, Place outer, Place depth)
        {
            int h = outer.Y + depth.Y;
            int w = outer.X + depth.X;
            return Operand.LoadOrZero(
                source,
                outer.Offset + (h * _geometry.Width + w) * _geometry.Channels + depth.Offset,
                (uint)h < (uint)_geometry.Height & (uint)w < (uint)_geometry.Width);
        }
    }

    /// <summary>The output gradients that each input pixel took part in: [(n,h,w), (i,j,f)].</summary>
    internal readonly struct GradientPatches(Conv2DGeometry geometry) : IOperand
    {
        private readonly Conv2DGeometry _geometry = geometry;
        private readonly FastDivisor _width = new(geometry.Width);
        private readonly FastDivisor _height = new(geometry.Height);
        private readonly FastDivisor _kernelWidth = new(geometry.KernelWidth);
        private readonly FastDivisor _filters = new(geometry.Filters);
        private readonly FastDivisor _strideHeight = new(geometry.StrideHeight);
        private readonly FastDivisor _strideWidth = new(geometry.StrideWidth);

        /// <inheritdoc/>
        public static bool DepthIsContiguous => true;

        /// <inheritdoc/>
        public Place Outer(int index)
        {
            int line = _width.Divide(index);
            int image = _height.Divide(line);
            int h = line - image * _geometry.Height;
            int w = index - line * _geometry.Width;
            return new(
                image * _geometry.OutputHeight * _geometry.OutputWidth * _geometry.Filters,
                image < _geometry.Batch ? h + _geometry.PadTop : Outside,
                w + _geometry.PadLeft);
        }

        /// <inheritdoc/>
        public Place Depth(int index)
        {
            int tap = _filters.Divide(index);
            int i = _kernelWidth.Divide(tap);
            int j = tap - i * _geometry.KernelWidth;
            return new(index - tap * _geometry.Filters, i < _geometry.KernelHeight ? -i : Outside, -j);
        }

        /// <inheritdoc/>
        public float Load(Floats source, Place outer, Place depth)
        {
            // The window that put tap (i, j) on this pixel starts a whole number of strides from the border, or does
            // not exist.
            int top = outer.Y + depth.Y;
            int left = outer.X + depth.X;
            int p = _strideHeight.Divide(Math.Max(top, 0));
            int q = _strideWidth.Divide(Math.Max(left, 0));
            return Operand.LoadOrZero(
                source,
                outer.Offset + (p * _geometry.OutputWidth + q) * _geometry.Filters + depth.Offset,
                p * _geometry.StrideHeight == top & p < _geometry.OutputHeight
                    & q * _geometry.StrideWidth == left & q < _geometry.OutputWidth);
        }
    }

    /// <summary>The filter by channels: [c, (i,j,f)].</summary>
    internal readonly struct FilterByChannel(Conv2DGeometry geometry) : IOperand
    {
        private const int None = -1;

        private readonly Conv2DGeometry _geometry = geometry;
        private readonly FastDivisor _filters = new(geometry.Filters);

        /// <inheritdoc/>
        public static bool DepthIsContiguous => true;

        /// <inheritdoc/>
        public Place Outer(int index) => new(index < _geometry.Channels ? index * _geometry.Filters : None);

        /// <inheritdoc/>
        public Place Depth(int index)
        {
            int tap = _filters.Divide(index);
            int f = index - tap * _geometry.Filters;
            return new(tap < _geometry.KernelHeight * _geometry.KernelWidth
                ? tap * _geometry.Channels * _geometry.Filters + f
                : None);
        }

        /// <inheritdoc/>
        public float Load(Floats source, Place outer, Place depth) =>
            Operand.LoadOrZero(source, outer.Offset + depth.Offset, (outer.Offset | depth.Offset) >= 0);
    }

    /// <summary>y = act(x ⋆ filter + bias).</summary>
    public void Forward(
        IlgpuBuffer y, IlgpuBuffer x, IlgpuBuffer filter, IlgpuBuffer? bias,
        Conv2DGeometry geometry, Activation activation) =>
        products.Multiply(
            y, x, filter, bias,
            new Patches(geometry),
            new Transposed<MatMulKernels.Matrix>(new MatMulKernels.Matrix(geometry.PatchSize, geometry.Filters)),
            geometry.OutputPixels, geometry.Filters, geometry.PatchSize, activation);

    /// <summary>The gradient for the input.</summary>
    public void InputGradient(IlgpuBuffer dx, IlgpuBuffer dy, IlgpuBuffer filter, Conv2DGeometry geometry) =>
        products.Multiply(
            dx, dy, filter, null, new GradientPatches(geometry), new FilterByChannel(geometry),
            geometry.Batch * geometry.Height * geometry.Width, geometry.Channels,
            geometry.KernelHeight * geometry.KernelWidth * geometry.Filters, Activation.None);

    /// <summary>The gradient for the filter.</summary>
    public void FilterGradient(IlgpuBuffer dfilter, IlgpuBuffer x, IlgpuBuffer dy, Conv2DGeometry geometry) =>
        products.Multiply(
            dfilter, x, dy, null,
            new Transposed<Patches>(new Patches(geometry)),
            new Transposed<MatMulKernels.Matrix>(new MatMulKernels.Matrix(geometry.OutputPixels, geometry.Filters)),
            geometry.PatchSize, geometry.Filters, geometry.OutputPixels, Activation.None);
}
