using ILGPU;
using ILGPU.Runtime;
using NanoNet.Kernels.Geometry;
using NanoNet.Kernels.Random;
using Floats = ILGPU.ArrayView<float>;
using Ints = ILGPU.ArrayView<int>;

namespace NanoNet.Kernels.Ilgpu;

/// <summary>
/// Max-pooling: a thread for each element of the output, and for the gradient a thread for each element of the input,
/// or for four neighbouring channels, which asks the windows that cover it. Nothing is written twice, so nothing needs
/// an atomic addition.
/// </summary>
/// <remarks>
/// n images, (p, q) an output pixel, (h, w) an input pixel, (i, j) a place in the window, c a channel.
/// </remarks>
internal sealed class MaxPool2DKernels(KernelQueue queue)
{
    private Action<AcceleratorStream, KernelConfig, Floats, Ints, int, Floats, Pool>? _forward;
    private readonly Dictionary<Type, Delegate> _gradient = [];

    /// <summary>The sizes, and the divisions that take a flat index apart.</summary>
    internal readonly struct Pool(Pool2DGeometry sizes)
    {
        private readonly FastDivisor _channels = new(sizes.Channels);
        private readonly FastDivisor _width = new(sizes.Width);
        private readonly FastDivisor _height = new(sizes.Height);
        private readonly FastDivisor _outputWidth = new(sizes.OutputWidth);
        private readonly FastDivisor _outputHeight = new(sizes.OutputHeight);
        private readonly FastDivisor _poolWidth = new(sizes.PoolWidth);
        private readonly FastDivisor _strideHeight = new(sizes.StrideHeight);
        private readonly FastDivisor _strideWidth = new(sizes.StrideWidth);

        public Pool2DGeometry Sizes { get; } = sizes;

        /// <summary>(n, p, q, c) of an output element.</summary>
        public (int N, int P, int Q, int C) Output(int i) =>
            Parts(i, _outputHeight, _outputWidth, Sizes.OutputHeight, Sizes.OutputWidth);

        /// <summary>(n, h, w, c) of an input element.</summary>
        public (int N, int H, int W, int C) Input(int i) =>
            Parts(i, _height, _width, Sizes.Height, Sizes.Width);

        /// <summary>The windows that cover a line: from the first to before the last.</summary>
        public (int First, int End) WindowsOverLine(int h) => Windows(
            h + Sizes.PadTop, Sizes.PoolHeight, _strideHeight, Sizes.StrideHeight, Sizes.OutputHeight);

        /// <summary>The windows that cover a column: from the first to before the last.</summary>
        public (int First, int End) WindowsOverColumn(int w) => Windows(
            w + Sizes.PadLeft, Sizes.PoolWidth, _strideWidth, Sizes.StrideWidth, Sizes.OutputWidth);

        /// <summary>
        /// The pixel at the k-th place of the window that begins at (top, left); not a number in the padding and past
        /// the last place.
        /// </summary>
        public float Value(Floats x, int n, int top, int left, int c, int k)
        {
            int i = _poolWidth.Divide(k);
            int h = top + i;
            int w = left + k - i * Sizes.PoolWidth;
            bool isInside = i < Sizes.PoolHeight & (uint)h < (uint)Sizes.Height & (uint)w < (uint)Sizes.Width;
            return isInside ? x[((n * Sizes.Height + h) * Sizes.Width + w) * Sizes.Channels + c] : float.NaN;
        }

        private (int N, int Y, int X, int C) Parts(int i, FastDivisor height, FastDivisor width, int lines, int columns)
        {
            int pixel = _channels.Divide(i);
            int line = width.Divide(pixel);
            int n = height.Divide(line);
            return (n, line - n * lines, pixel - line * columns, i - pixel * Sizes.Channels);
        }

        // Window p covers the padded positions from p · stride to before p · stride + size.
        private static (int First, int End) Windows(int position, int size, FastDivisor divisor, int stride, int count)
        {
            int first = divisor.Divide(Math.Max(position - size + stride, 0));
            int end = divisor.Divide(position) + 1;
            return (first, Math.Min(end, count));
        }
    }

    // ── Kernels ──────────────────────────────────────────────────────────────────────────────────────────────────────

    internal static void ForwardKernel(Floats y, Ints argmax, int keepArgmax, Floats x, Pool pool)
    {
        int index = Grid.GlobalIndex.X;
        var sizes = pool.Sizes;
        if (index < sizes.OutputCount)
        {
            var (n, p, q, c) = pool.Output(index);
            int top = p * sizes.StrideHeight - sizes.PadTop;
            int left = q * sizes.StrideWidth - sizes.PadLeft;
            // The first pixel that is not padding, of which every window has one, and then whatever is larger; what is
            // not a number never is.
            int place = Math.Max(0, -top) * sizes.PoolWidth + Math.Max(0, -left);
            float best = pool.Value(x, n, top, left, c, place);
            for (int k = 0; k < sizes.PoolHeight * sizes.PoolWidth; k += 4)
            {
                // Four are on their way before one is looked at: all of a window of 2 x 2.
                var four = new Float4(
                    pool.Value(x, n, top, left, c, k), pool.Value(x, n, top, left, c, k + 1),
                    pool.Value(x, n, top, left, c, k + 2), pool.Value(x, n, top, left, c, k + 3));
                TakeLarger(ref best, ref place, four.X, k);
                TakeLarger(ref best, ref place, four.Y, k + 1);
                TakeLarger(ref best, ref place, four.Z, k + 2);
                TakeLarger(ref best, ref place, four.W, k + 3);
            }

            y[index] = best;
            if (keepArgmax != 0)
            {
                argmax[index] = place;
            }
        }
    }

    private static void TakeLarger(ref float best, ref int place, float value, int k)
    {
        bool isLarger = value > best;
        best = isLarger ? value : best;
        place = isLarger ? k : place;
    }

    internal static void GradientKernel<TWidth>(Floats dx, Floats dy, Ints argmax, Pool pool)
        where TWidth : struct, IWidth
    {
        int index = Grid.GlobalIndex.X * Neighbours<TWidth>();
        var sizes = pool.Sizes;
        if (index < sizes.InputCount)
        {
            var (n, h, w, c) = pool.Input(index);
            var (firstP, endP) = pool.WindowsOverLine(h);
            var (firstQ, endQ) = pool.WindowsOverColumn(w);
            var sum = default(Float4);
            for (int p = firstP; p < endP; p++)
            {
                int i = h + sizes.PadTop - p * sizes.StrideHeight;
                for (int q = firstQ; q < endQ; q++)
                {
                    int j = w + sizes.PadLeft - q * sizes.StrideWidth;
                    int window = ((n * sizes.OutputHeight + p) * sizes.OutputWidth + q) * sizes.Channels + c;
                    sum = Float4.Add(sum, Share<TWidth>(dy, argmax, window, i * sizes.PoolWidth + j));
                }
            }

            if (TWidth.IsWide)
            {
                Float4.Store(dx, index, sum);
            }
            else
            {
                dx[index] = sum.X;
            }
        }
    }

    // What a place gets of its windows' gradients: all where it held the largest value, else nothing. Both operands are
    // read at once, the gradient for nothing where it goes elsewhere: cheaper than to wait for one and then the other.
    private static Float4 Share<TWidth>(Floats dy, Ints argmax, int window, int place) where TWidth : struct, IWidth
    {
        if (TWidth.IsWide)
        {
            var gradient = Float4.Load(dy, window);
            var largest = argmax.SubView(window).AsAligned(16).Cast<UInt4>()[0];
            return new(
                (int)largest.X == place ? gradient.X : 0, (int)largest.Y == place ? gradient.Y : 0,
                (int)largest.Z == place ? gradient.Z : 0, (int)largest.W == place ? gradient.W : 0);
        }

        float one = dy[window];
        return new(argmax[window] == place ? one : 0, 0, 0, 0);
    }

    private static int Neighbours<TWidth>() where TWidth : struct, IWidth => TWidth.IsWide ? 4 : 1;

    // ── Launchers ────────────────────────────────────────────────────────────────────────────────────────────────────

    public void Forward(IlgpuBuffer y, IlgpuBuffer? argmax, IlgpuBuffer x, Pool2DGeometry geometry) =>
        queue.Load(ref _forward, ForwardKernel)(queue.Stream, queue.Threads(geometry.OutputCount),
            y.Floats, (argmax ?? y).Ints, argmax is null ? 0 : 1, x.Floats, new Pool(geometry));

    public void Gradient(IlgpuBuffer dx, IlgpuBuffer dy, IlgpuBuffer argmax, Pool2DGeometry geometry)
    {
        if (geometry.Channels % Neighbours<Wide>() == 0)
        {
            Gradient<Wide>(dx, dy, argmax, geometry);
        }
        else
        {
            Gradient<Narrow>(dx, dy, argmax, geometry);
        }
    }

    private void Gradient<TWidth>(IlgpuBuffer dx, IlgpuBuffer dy, IlgpuBuffer argmax, Pool2DGeometry geometry)
        where TWidth : struct, IWidth =>
        queue.Load<Action<AcceleratorStream, KernelConfig, Floats, Floats, Ints, Pool>>(
            _gradient, typeof(TWidth), GradientKernel<TWidth>)(
            queue.Stream, queue.Threads(geometry.InputCount / Neighbours<TWidth>()),
            dx.Floats, dy.Floats, argmax.Ints, new Pool(geometry));
}
