using NanoNet.Kernels.Geometry;
using NanoNet.Kernels.Simd;

namespace NanoNet.Benchmarks;

/// <summary>What a kernel cannot do without.</summary>
/// <param name="Flops">Floating-point operations of the method it uses; a multiply-add counts as two.</param>
/// <param name="Bytes">Bytes read and written, each once.</param>
/// <param name="DirectFlops">Those of the direct method, whatever method is used.</param>
public readonly record struct KernelCost(double Flops, double Bytes, double DirectFlops)
{
    /// <summary>What takes the same number of operations by any method.</summary>
    public KernelCost(double flops, double bytes)
        : this(flops, bytes, flops)
    {
    }

    /// <summary>A kernel whose time is that of its memory traffic.</summary>
    public static KernelCost Traffic(double floats) => new(0, sizeof(float) * floats);

    /// <summary>The products of a matrix product.</summary>
    public static KernelCost Of(MatMulGeometry geometry) => new(
        2.0 * geometry.M * geometry.N * geometry.K,
        sizeof(float) * ((double)geometry.M * geometry.N + (double)geometry.M * geometry.K + (double)geometry.K * geometry.N));

    /// <summary>
    /// The products of a convolution: those of the tiles where the SIMD engine takes Winograd's method, else one for each output and
    /// tap, the taps beyond the border left out.
    /// </summary>
    public static KernelCost Of(Conv2DGeometry geometry)
    {
        double pairs = (double)geometry.Channels * geometry.Filters * geometry.Batch;
        var grid = new WinogradGrid(1, geometry.OutputHeight, geometry.OutputWidth);
        double direct = Taps(geometry.OutputHeight, geometry.Height, geometry.KernelHeight, geometry.StrideHeight, geometry.PadTop)
            * Taps(geometry.OutputWidth, geometry.Width, geometry.KernelWidth, geometry.StrideWidth, geometry.PadLeft);
        double products = WinogradGrid.Pays(geometry) ? grid.Products : direct;
        double floats = (double)geometry.InputCount + geometry.OutputCount + geometry.FilterCount;
        return new(2 * pairs * products, sizeof(float) * floats, 2 * pairs * direct);
    }

    // Along one axis: pairs of an output and a tap that falls on the image.
    private static double Taps(int outputs, int inputs, int kernel, int stride, int pad)
    {
        int taps = 0;
        for (int output = 0; output < outputs; output++)
        {
            for (int tap = 0; tap < kernel; tap++)
            {
                int at = output * stride + tap - pad;
                taps += at >= 0 && at < inputs ? 1 : 0;
            }
        }

        return taps;
    }
}
