using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using NanoNet.Kernels.Geometry;

namespace NanoNet.Kernels.Simd;

/// <content>
/// The way back. Windows that do not overlap write their own part of dx. Where they overlap, each input pixel collects
/// from the windows that cover it, so that pieces of work never write the same element.
/// </content>
internal static unsafe partial class SimdMaxPool2D
{
    /// <summary>dx = for each input element, the sum of the dy of those windows that chose it.</summary>
    public static void Gradient(WorkerTeam team, float* dx, float* dy, int* argmax, Pool2DGeometry geometry)
    {
        var job = new GradientJob(dx, dy, argmax, geometry);
        int rows = geometry.Batch * (job.IsDisjoint ? geometry.OutputHeight : geometry.Height);
        Chunks.Run(team, rows, Chunks.RowsPerChunk(geometry.InputCount / Math.Max(1, rows)), job);
    }

    private readonly struct GradientJob(float* dx, float* dy, int* argmax, Pool2DGeometry g) : IRangeJob
    {
        public bool IsDisjoint => g.StrideHeight >= g.PoolHeight && g.StrideWidth >= g.PoolWidth;

        public void Run(int start, int count)
        {
            for (int row = start; row < start + count; row++)
            {
                if (IsDisjoint)
                {
                    ScatterRow(row);
                }
                else
                {
                    GatherRow(row);
                }
            }
        }

        // A row of windows and the strip of input rows up to the next one.
        private void ScatterRow(int row)
        {
            var (n, p) = Math.DivRem(row, g.OutputHeight);
            int top = (p * g.StrideHeight) - g.PadTop;
            var rows = Owned(p, g.OutputHeight, g.StrideHeight, top, g.Height);
            nint rowStride = (nint)g.Width * g.Channels;
            float* image = dx + (n * g.Height * rowStride);
            for (int q = 0; q < g.OutputWidth; q++)
            {
                int left = (q * g.StrideWidth) - g.PadLeft;
                var columns = Owned(q, g.OutputWidth, g.StrideWidth, left, g.Width);
                nint window = (((nint)row * g.OutputWidth) + q) * g.Channels;
                if (g.PoolHeight == 2 && g.PoolWidth == 2
                    && rows == new Extent(top, top + 2) && columns == new Extent(left, left + 2))
                {
                    float* pixel = image + (top * rowStride) + ((nint)left * g.Channels);
                    Scatter2X2(pixel, rowStride, dy + window, argmax + window, g.Channels);
                }
                else
                {
                    Scatter(image, rowStride, rows, columns, top, left, window);
                }
            }
        }

        private void Scatter(float* image, nint rowStride, Extent rows, Extent columns, int top, int left, nint window)
        {
            for (int h = rows.First; h < rows.End; h++)
            {
                for (int w = columns.First; w < columns.End; w++)
                {
                    float* pixel = image + (h * rowStride) + ((nint)w * g.Channels);
                    int i = h - top;
                    int j = w - left;
                    if (i < g.PoolHeight && j < g.PoolWidth)
                    {
                        int place = (i * g.PoolWidth) + j;
                        TakeChosen(pixel, dy + window, argmax + window, place, g.Channels, isFirst: true);
                    }
                    else
                    {
                        new Span<float>(pixel, g.Channels).Clear();
                    }
                }
            }
        }

        // A row of input pixels; windows in the order of (p, q).
        private void GatherRow(int row)
        {
            var (n, h) = Math.DivRem(row, g.Height);
            var ps = Covering(h + g.PadTop, g.PoolHeight, g.StrideHeight, g.OutputHeight);
            for (int w = 0; w < g.Width; w++)
            {
                var qs = Covering(w + g.PadLeft, g.PoolWidth, g.StrideWidth, g.OutputWidth);
                float* pixel = dx + ((((nint)row * g.Width) + w) * g.Channels);
                bool isFirst = true;
                for (int p = ps.First; p < ps.End; p++)
                {
                    int i = h + g.PadTop - (p * g.StrideHeight);
                    for (int q = qs.First; q < qs.End; q++)
                    {
                        int j = w + g.PadLeft - (q * g.StrideWidth);
                        nint window = (((((nint)n * g.OutputHeight) + p) * g.OutputWidth) + q) * g.Channels;
                        TakeChosen(pixel, dy + window, argmax + window, (i * g.PoolWidth) + j, g.Channels, isFirst);
                        isFirst = false;
                    }
                }

                if (isFirst)
                {
                    new Span<float>(pixel, g.Channels).Clear();
                }
            }
        }
    }

    // Input positions from this window's edge to the next one's; the first and last window also own what lies beyond
    // them.
    private static Extent Owned(int window, int windows, int stride, int edge, int size) => new(
        window == 0 ? 0 : edge,
        window == windows - 1 ? size : edge + stride);

    // The windows along an axis that cover a position, which counts from the padded edge.
    private static Extent Covering(int position, int pool, int stride, int windows) => new(
        position < pool ? 0 : ((position - pool) / stride) + 1,
        Math.Min(windows, (position / stride) + 1));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Scatter2X2(float* dx, nint rowStride, float* dy, int* argmax, int channels)
    {
        nint c = 0;
        for (; c + FloatLanes.Count <= channels; c += FloatLanes.Count)
        {
            float* upper = dx + c;
            float* lower = upper + rowStride;
            var gradient = Vector256.Load(dy + c);
            var chosen = Vector256.Load(argmax + c);
            Share(gradient, chosen, 0).Store(upper);
            Share(gradient, chosen, 1).Store(upper + channels);
            Share(gradient, chosen, 2).Store(lower);
            Share(gradient, chosen, 3).Store(lower + channels);
        }

        int rest = (int)(channels - c);
        if (rest > 0)
        {
            float* upper = dx + c;
            float* lower = upper + rowStride;
            var gradient = FloatLanes.Load(dy + c, rest);
            var chosen = FloatLanes.Load((float*)argmax + c, rest).AsInt32();
            FloatLanes.Store(upper, Share(gradient, chosen, 0), rest);
            FloatLanes.Store(upper + channels, Share(gradient, chosen, 1), rest);
            FloatLanes.Store(lower, Share(gradient, chosen, 2), rest);
            FloatLanes.Store(lower + channels, Share(gradient, chosen, 3), rest);
        }
    }

    // dx = dy (or dx += dy, after a pixel's first window) for the channels in which the window chose this place.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void TakeChosen(float* dx, float* dy, int* argmax, int place, int channels, bool isFirst)
    {
        nint c = 0;
        for (; c + FloatLanes.Count <= channels; c += FloatLanes.Count)
        {
            var share = Share(Vector256.Load(dy + c), Vector256.Load(argmax + c), place);
            (isFirst ? share : Vector256.Load(dx + c) + share).Store(dx + c);
        }

        int rest = (int)(channels - c);
        if (rest > 0)
        {
            var chosen = FloatLanes.Load((float*)argmax + c, rest).AsInt32();
            var share = Share(FloatLanes.Load(dy + c, rest), chosen, place);
            FloatLanes.Store(dx + c, isFirst ? share : FloatLanes.Load(dx + c, rest) + share, rest);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Share(Vector256<float> dy, Vector256<int> chosen, int place) =>
        dy & Vector256.Equals(chosen, Vector256.Create(place)).AsSingle();
}
