using ILGPU;
using ILGPU.Runtime;
using NanoNet.Kernels.Geometry;
using static NanoNet.Kernels.Ilgpu.WinogradTiling;
using Floats = ILGPU.ArrayView<float>;
using Matrix = NanoNet.Kernels.Ilgpu.MatMulKernels.Matrix;

namespace NanoNet.Kernels.Ilgpu;

/// <content>How they are launched.</content>
internal sealed partial class WinogradKernels
{
    private Action<AcceleratorStream, KernelConfig, Floats, Floats, WinogradTiling, FastDivisor, int, int, int>? _input;
    private Action<AcceleratorStream, KernelConfig, Floats, Floats, FastDivisor, int, int, int, int, int>? _filter;
    private Action<
        AcceleratorStream, KernelConfig, Floats, Floats, Floats, WinogradTiling, FastDivisor, ProductShape>? _output;
    private Action<AcceleratorStream, KernelConfig, Floats, Floats, WinogradTiling, FastDivisor, int>? _outputGradient;
    private Action<AcceleratorStream, KernelConfig, Floats, Floats, int, int>? _filterGradient;

    /// <summary>y = act(x ⋆ filter + bias).</summary>
    public void Forward(
        IlgpuBuffer y, IlgpuBuffer x, IlgpuBuffer filter, IlgpuBuffer? bias,
        Conv2DGeometry geometry, Activation activation)
    {
        var tiling = new WinogradTiling(geometry);
        int channels = geometry.Channels;
        int filters = geometry.Filters;
        using var inputs = queue.RentFloats(Places * tiling.Count * channels);
        using var taps = queue.RentFloats(Places * channels * filters);
        using var results = queue.RentFloats(Places * tiling.Count * filters);
        TransformInput(inputs.Floats, x, tiling, channels, Places * channels, channels);
        TransformFilter(taps.Floats, filter, channels, filters, false, filters, channels * filters);
        products.MultiplyParts(
            results.Floats, inputs.Floats, taps.Floats,
            new Matrix(Places * channels), new Transposed<Matrix>(new Matrix(filters)),
            tiling.Count, filters, channels, Places);
        TransformOutput(y, results.Floats, bias, tiling, ProductShape.OfResults(filters, bias, activation, null, 1));
    }

    /// <summary>The gradient for the input; with a mask times scale where that is positive, else zero.</summary>
    public void InputGradient(
        IlgpuBuffer dx, IlgpuBuffer dy, IlgpuBuffer filter, Conv2DGeometry geometry, IlgpuBuffer? mask, float scale)
    {
        // A convolution of dy that turns filters into channels, with what padding lacked of a full overlap.
        var tiling = new WinogradTiling(Conv2DKernels.OfGradient(geometry));
        int channels = geometry.Channels;
        int filters = geometry.Filters;
        using var inputs = queue.RentFloats(Places * tiling.Count * filters);
        using var taps = queue.RentFloats(Places * channels * filters);
        using var results = queue.RentFloats(Places * tiling.Count * channels);
        TransformInput(inputs.Floats, dy, tiling, filters, Places * filters, filters);
        TransformFilter(taps.Floats, filter, channels, filters, true, Places * filters, filters);
        products.MultiplyParts(
            results.Floats, inputs.Floats, taps.Floats, new Matrix(Places * filters), new Matrix(Places * filters),
            tiling.Count, channels, filters, Places);
        TransformOutput(
            dx, results.Floats, mask, tiling, ProductShape.OfResults(channels, null, Activation.None, mask, scale));
    }

    /// <summary>The gradient for the filter.</summary>
    public void FilterGradient(IlgpuBuffer dfilter, IlgpuBuffer x, IlgpuBuffer dy, Conv2DGeometry geometry)
    {
        var tiling = new WinogradTiling(geometry);
        int channels = geometry.Channels;
        int filters = geometry.Filters;
        using var inputs = queue.RentFloats(Places * tiling.Count * channels);
        using var gradients = queue.RentFloats(Places * tiling.Count * filters);
        int splits = products.SplitsOfParts(channels, filters, tiling.Count, Places);
        using var results = queue.RentFloats(Places * splits * channels * filters);
        TransformInput(inputs.Floats, x, tiling, channels, channels, tiling.Count * channels);
        queue.Load(ref _outputGradient, OutputGradientKernel)(
            queue.Stream, queue.Threads(tiling.Count * filters),
            gradients.Floats, dy.Floats, tiling, new FastDivisor(filters), filters);
        products.MultiplyParts(
            results.Floats, inputs.Floats, gradients.Floats,
            new Transposed<Matrix>(new Matrix(channels)), new Transposed<Matrix>(new Matrix(filters)),
            channels, filters, tiling.Count / splits, Places * splits);
        queue.Load(ref _filterGradient, FilterGradientKernel)(
            queue.Stream, queue.Threads(channels * filters), dfilter.Floats, results.Floats, channels * filters, splits);
    }

    private void TransformInput(
        Floats transformed, IlgpuBuffer x, WinogradTiling tiling, int channels, int tileStride, int placeStride) =>
        queue.Load(ref _input, InputKernel)(
            queue.Stream, queue.Threads(tiling.Count * channels),
            transformed, x.Floats, tiling, new FastDivisor(channels), channels, tileStride, placeStride);

    private void TransformFilter(
        Floats transformed, IlgpuBuffer filter, int channels, int filters, bool isReversed,
        int channelStride, int placeStride) =>
        queue.Load(ref _filter, FilterKernel)(
            queue.Stream, queue.Threads(channels * filters),
            transformed, filter.Floats, new FastDivisor(filters), channels, filters, isReversed ? 1 : 0,
            channelStride, placeStride);

    private void TransformOutput(
        IlgpuBuffer y, Floats results, IlgpuBuffer? biasOrMask, WinogradTiling tiling, ProductShape shape) =>
        queue.Load(ref _output, OutputKernel)(
            queue.Stream, queue.Threads(tiling.Count * shape.Columns),
            y.Floats, results, (biasOrMask ?? y).Floats, tiling, new FastDivisor(shape.Columns), shape);
}
